"""What the service counts about its answers; labels are our own words, never a shopper's or a provider's."""

from prometheus_client import Counter, Histogram

TURNS = Counter("chat_turns_total", "Questions answered", ["mode", "fallback"])
SECONDS = Histogram(
    "chat_turn_seconds",
    "Time from a question to the end of its answer, in seconds",
    ["mode"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 35),
)
TOKENS = Counter("chat_tokens_total", "Tokens that the model's endpoint counted", ["kind"])
REPAIRS = Counter("chat_plan_repairs_total", "Second calls of a model, whose first plan was not valid")

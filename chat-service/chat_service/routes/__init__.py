"""HTTP: one module per noun."""

from chat_service.routes import chatbot, conversations, history, usage
from servicekit.limits import count_write

# Their owners need not be signed in; who is has these writes counted, too.
for bp in (history.bp, conversations.bp):
    bp.before_request(count_write)

BLUEPRINTS = (chatbot.bp, history.bp, conversations.bp, usage.bp)

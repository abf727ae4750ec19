"""The catalogue speaks: a plan and what the catalogue answers make statements. No text of a model's or a shopper's."""

from chat_service.answering.answer import answer
from chat_service.answering.asked import Asked
from chat_service.answering.finding import quoted

__all__ = ["Asked", "answer", "quoted"]

"""HTTP: one module per noun."""

from chat_service.routes import chatbot, conversations, history, usage

BLUEPRINTS = (chatbot.bp, history.bp, conversations.bp, usage.bp)

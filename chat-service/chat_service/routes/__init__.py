"""HTTP: one module per noun."""

from chat_service.routes import chatbot, conversations, history

BLUEPRINTS = (chatbot.bp, history.bp, conversations.bp)

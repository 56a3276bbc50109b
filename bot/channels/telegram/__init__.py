"""The Telegram channel: the same conversations, over the Bot API."""

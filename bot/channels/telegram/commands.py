"""The commands that the bot answers, in the order in which Telegram lists them."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = ("start", "numbers", "language", "help", "worker", "delete", "leave")
"""What each does is said by the response `utter_telegram_command_<name>`."""

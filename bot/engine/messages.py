"""How a message goes into Rasa, and what it says in answer comes out."""

from __future__ import annotations

from typing import Any, Final

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.engine.base import Chosen, Typed
from bot.engine.tracker_store import KEY

CHANNEL: Final = "waymark"


class CollectingChannel(OutputChannel):
    """Collects Rasa's messages whole, text and buttons together."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages

    @classmethod
    def name(cls) -> str:
        """Rasa's name for the channel."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message for the end of the turn."""
        self.messages.append(message)


def user_message(
    conversation: str, message: Typed | Chosen, channel: CollectingChannel, key: str
) -> UserMessage:
    """A message as Rasa takes it. A choice is not read: it says what it means."""
    metadata = {KEY: key} if key else {}
    if isinstance(message, Typed):
        return UserMessage(
            message.text, channel, conversation, input_channel=CHANNEL, metadata=metadata
        )
    parse_data = {
        "text": f"/{message.intent}",
        "intent": {"name": message.intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in message.entities],
    }
    return UserMessage(
        parse_data["text"],
        channel,
        conversation,
        parse_data=parse_data,
        input_channel=CHANNEL,
        metadata=metadata,
    )

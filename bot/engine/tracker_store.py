"""What is remembered of a conversation: choices and labels, for 30 minutes (bot/engine/shelf.py).

Rasa's trackers hold every word. This store keeps none: it saves the slots (choices,
recognised labels) and the active form, and builds a fresh tracker from them for the next
turn. Of what was said only the names of responses stay. Free text, bot texts and parse data
are gone when the turn ends (promise 7).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.shelf import MemoryShelf, Shelf
from bot.engine.whole_turns import under_way
from bot.errors import EngineUnavailableError

_NEVER_KEPT: Final = frozenset(["session_started_metadata"])


SAID: Final = "said"
"""Slot: names of the responses of the last turn, so that they can be said again."""


KEY: Final = "key"
"""Metadata of a message: tells it from others, so that one sent twice is answered once."""


def _said_last(tracker: DialogueStateTracker) -> list[str]:
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered) and (name := event.metadata.get("utter_action")):
            names.insert(0, str(name))
    return names


class ForgetfulTrackerStore(TrackerStore):
    """A store with expiry and without free text. Named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        shelf: Shelf | None = None,
        **kwargs: Any,
    ) -> None:
        self.shelf: Shelf = MemoryShelf() if shelf is None else shelf
        super().__init__(domain, None, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep slots and form only, of a turn that may be kept. An event broker is never fed."""
        if turn := under_way.get(None):
            turn.settle()
        slots = {
            name: slot.value
            for name, slot in tracker.slots.items()
            if slot.value not in (None, [], slot.initial_value) and name not in _NEVER_KEPT
        }
        if SAID in tracker.slots:
            slots[SAID] = _said_last(tracker)
        state = {"slots": slots, "form": tracker.active_loop_name, KEY: self._key(tracker)}
        self.shelf.put(tracker.sender_id, json.dumps(state))

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new conversation is kept when its first turn is, not before.

        Raises:
            EngineUnavailableError: what was said belongs to one that ended a moment ago.
        """
        if (turn := under_way.get(None)) and not turn.begins:
            raise EngineUnavailableError("the conversation is over")
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A tracker as it would stand after the last turn, without its words."""
        state = self.peek(sender_id)
        if state is None:
            return None
        if turn := under_way.get(None):
            turn.begin(state[KEY])
        events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
        events += [SlotSet(name, value) for name, value in state["slots"].items()]
        if state["form"]:
            events.append(ActiveLoop(state["form"]))
        events.append(ActionExecuted(ACTION_LISTEN_NAME))
        return DialogueStateTracker.from_events(
            sender_id, events, slots=self.domain.slots, domain=self.domain
        )

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations held now."""
        return self.shelf.names()

    def peek(self, sender_id: str) -> dict[str, Any] | None:
        """{"slots", "form", "key"} of a conversation, or None when it is unknown or over."""
        kept = self.shelf.get(sender_id)
        state: dict[str, Any] | None = None if kept is None else json.loads(kept)
        return state

    def keep(self, sender_id: str) -> None:
        """Count from now, as after a message; a conversation that is over stays so."""
        self.shelf.keep(sender_id)

    def erase(self, sender_id: str) -> None:
        """Forget one conversation now."""
        self.shelf.drop(sender_id)

    def _key(self, tracker: DialogueStateTracker) -> str:
        message = tracker.latest_message
        if key := (message.metadata or {}).get(KEY) if message else None:
            return str(key)
        before = self.peek(tracker.sender_id)
        return before[KEY] if before else ""

    def sweep(self) -> list[str]:
        """Forget every conversation whose time is over; returns their ids."""
        return self.shelf.sweep()

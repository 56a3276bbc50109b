"""bot/engine/tracker_store.py: choices and labels for thirty minutes, and no words (promise 7)."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import pytest
from clock import Clock
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.base import KEEP_S
from bot.engine.shelf import MemoryShelf
from bot.engine.tracker_store import KEY, ForgetfulTrackerStore
from bot.engine.whole_turns import WholeTurn, under_way
from bot.errors import EngineUnavailableError

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [tell_situation]
actions: [action_x]
slots:
  labels: {type: list, influence_conversation: false, mappings: [{type: custom}]}
  route: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  chosen: {type: bool, influence_conversation: false, mappings: [{type: custom}]}
  door: {type: text, initial_value: shut, influence_conversation: false, mappings: [{type: custom}]}
forms:
  self_form: {required_slots: [route]}
"""
)
SECRET = "zzz-secret"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(DOMAIN, shelf=MemoryShelf(clock))


def tracker(sender: str = "one", **slots: Any) -> DialogueStateTracker:
    """A tracker full of words."""
    events = [
        ActionExecuted("action_listen"),
        UserUttered(
            f"my name is {SECRET}",
            intent={"name": "tell_situation", "confidence": 1.0},
            entities=[{"entity": "x", "value": SECRET}],
            parse_data={"text": SECRET, "heard": {}},
            input_channel=SECRET,
            metadata={"note": SECRET},
        ),
        BotUttered(f"I heard {SECRET}"),
        SlotSet("session_started_metadata", {"note": SECRET}),
        *(SlotSet(name, value) for name, value in slots.items()),
        ActiveLoop("self_form"),
    ]
    return DialogueStateTracker.from_events(sender, events, slots=DOMAIN.slots, domain=DOMAIN)


def save(store: ForgetfulTrackerStore, saved: DialogueStateTracker) -> None:
    asyncio.run(store.save(saved))


def retrieve(store: ForgetfulTrackerStore, sender: str = "one") -> DialogueStateTracker | None:
    return asyncio.run(store.retrieve(sender))


def test_no_word_is_kept(store: ForgetfulTrackerStore) -> None:
    save(store, tracker(route="self"))

    assert SECRET not in repr(vars(store))


def test_no_word_comes_back(store: ForgetfulTrackerStore) -> None:
    save(store, tracker(route="self"))

    back = retrieve(store)
    assert back is not None
    assert [e for e in back.events if isinstance(e, (UserUttered, BotUttered))] == []
    assert SECRET not in str([event.as_dict() for event in back.events])
    assert back.latest_message is None or not back.latest_message.text


def test_slots_and_form_survive(store: ForgetfulTrackerStore) -> None:
    save(store, tracker(labels=["debt"], route="self", chosen=False))

    back = retrieve(store)
    assert back is not None
    assert back.get_slot("labels") == ["debt"]
    assert back.get_slot("route") == "self"
    assert back.get_slot("chosen") is False
    assert back.active_loop_name == "self_form"
    assert back.latest_action_name == "action_listen"


def test_initial_values_survive(store: ForgetfulTrackerStore) -> None:
    save(store, tracker())

    back = retrieve(store)
    assert back is not None
    assert back.get_slot("door") == "shut"


def test_what_comes_back_can_be_saved_again(store: ForgetfulTrackerStore) -> None:
    save(store, tracker(labels=["debt"]))
    before = store.peek("one")
    back = retrieve(store)
    assert back is not None
    save(store, back)

    assert store.peek("one") == before


def test_an_unknown_conversation_is_none(store: ForgetfulTrackerStore) -> None:
    assert retrieve(store, "nobody") is None
    assert store.peek("nobody") is None


@pytest.mark.parametrize("begins", [True, False])
def test_only_a_first_turn_begins_a_conversation(
    store: ForgetfulTrackerStore, begins: bool
) -> None:
    """What was said in one that ended a moment ago must not lie under its name again."""

    async def turn() -> DialogueStateTracker | None:
        under_way.set(WholeTurn("", Future(), begins=begins))
        return await store.get_or_create_tracker("one")

    if begins:
        assert asyncio.run(turn())
    else:
        with pytest.raises(EngineUnavailableError, match="over"):
            asyncio.run(turn())


def test_it_is_kept_for_thirty_minutes(store: ForgetfulTrackerStore, clock: Clock) -> None:
    save(store, tracker(route="self"))
    clock.now += 30 * 60

    assert KEEP_S == 30 * 60
    assert retrieve(store) is not None


def test_after_thirty_minutes_it_is_gone(store: ForgetfulTrackerStore, clock: Clock) -> None:
    save(store, tracker(route="self"))
    clock.now += 30 * 60 + 0.001

    assert retrieve(store) is None
    assert "one" not in repr(store.shelf.names())


def test_each_message_starts_the_time_anew(store: ForgetfulTrackerStore, clock: Clock) -> None:
    save(store, tracker())
    clock.now += KEEP_S - 1
    save(store, tracker())
    clock.now += KEEP_S - 1

    assert store.peek("one") is not None


def test_what_is_kept_on_purpose_starts_the_time_anew(
    store: ForgetfulTrackerStore, clock: Clock
) -> None:
    save(store, tracker())
    clock.now += KEEP_S - 1
    store.keep("one")
    clock.now += KEEP_S - 1
    assert store.peek("one") is not None

    clock.now += 2
    store.keep("one")
    assert store.peek("one") is None


def test_looking_does_not_start_the_time_anew(store: ForgetfulTrackerStore, clock: Clock) -> None:
    save(store, tracker())
    clock.now += KEEP_S - 1
    store.peek("one")
    clock.now += 2

    assert store.peek("one") is None


def test_erase_forgets_one_now(store: ForgetfulTrackerStore) -> None:
    save(store, tracker("one"))
    save(store, tracker("two"))
    store.erase("one")

    assert (store.peek("one"), store.peek("two") is not None) == (None, True)


def test_erasing_an_unknown_one_is_no_error(store: ForgetfulTrackerStore) -> None:
    store.erase("nobody")


def test_sweep_forgets_and_names_what_is_over(store: ForgetfulTrackerStore, clock: Clock) -> None:
    save(store, tracker("old"))
    clock.now += KEEP_S
    save(store, tracker("new"))
    clock.now += 1

    assert store.sweep() == ["old"]
    assert asyncio.run(store.keys()) == ["new"]


def test_an_event_broker_is_never_fed() -> None:
    """A broker would carry every word out of the process."""

    class Broker:
        def publish(self, event: Any) -> None:
            raise AssertionError("published")

    store = ForgetfulTrackerStore(DOMAIN, event_broker=Broker())  # type: ignore[arg-type]
    save(store, tracker())

    assert store.event_broker is None


def test_a_change_outside_does_not_reach_what_is_kept(store: ForgetfulTrackerStore) -> None:
    save(store, tracker(labels=["debt"]))
    state = store.peek("one")
    assert state is not None
    state["slots"]["labels"].append("threats")

    again = store.peek("one")
    assert again is not None
    assert again["slots"]["labels"] == ["debt"]


def with_key(key: str) -> DialogueStateTracker:
    said = tracker()
    metadata = {KEY: key} if key else {}
    said.update(UserUttered("hello", metadata=metadata))
    return said


def test_the_last_key_is_kept_until_another_comes(store: ForgetfulTrackerStore) -> None:
    """So that a message which is sent again is known; a message without one changes nothing."""
    kept = []
    for key in ("", "1", "", "2"):
        save(store, with_key(key))
        state = store.peek("one")
        assert state is not None
        kept.append(state[KEY])

    assert kept == ["", "1", "1", "2"]

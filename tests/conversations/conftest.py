"""One engine with the trained model for all conversations; a talk remembers what was said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from talk import BranchingStore, Talk

from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.settings import load_settings
from bot.wording import load_wording


@pytest.fixture(scope="session")
def store() -> BranchingStore:
    """Where conversations are held; can be branched."""
    return BranchingStore()


@pytest.fixture(scope="session")
def engine(store: BranchingStore) -> Iterator[EmbeddedEngine]:
    """The real engine, model and actions."""
    engine = EmbeddedEngine(load_settings(os.environ).model, tracker_store=lambda: store)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def conversations(engine: EmbeddedEngine) -> Conversations:
    """As a channel sees them."""
    return Conversations(engine, load_wording(), turn_timeout_s=30)


@pytest.fixture
def talk(conversations: Conversations) -> Callable[..., Talk]:
    """Start a conversation."""

    def start(
        language: str | None = None, route: str | None = None, place: str | None = None
    ) -> Talk:
        return Talk(conversations, language=language, route=route, place=place)

    return start

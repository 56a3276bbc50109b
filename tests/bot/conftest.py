"""Fixtures: a fake engine, conversations on it, and the project's own words."""

from __future__ import annotations

import pytest
from fake_engine import FakeEngine

from bot.conversation import Conversations
from bot.wording import Wording, load_wording


@pytest.fixture
def engine() -> FakeEngine:
    """An engine that answers everything."""
    return FakeEngine()


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The real responses, catalogues and directory."""
    return load_wording()


@pytest.fixture
def conversations(engine: FakeEngine, wording: Wording) -> Conversations:
    """Conversations that give up on a turn quickly."""
    return Conversations(engine, wording, turn_timeout_s=0.05)

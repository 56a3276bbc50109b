"""bot/channels/terminal.py: numbers choose, words are said."""

from __future__ import annotations

import io

import pytest
from fake_engine import FakeEngine

from bot.channels import terminal
from bot.engine.base import Chosen, Typed
from bot.errors import EngineUnavailableError
from bot.settings import Settings


def talk(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("bot.engine.embedded.EmbeddedEngine", lambda model: engine)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    terminal.talk(Settings(), "es")


def test_a_failing_engine_prints_the_numbers(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> list[dict[str, object]]:
        raise EngineUnavailableError("x")

    engine.answer = fail
    talk(engine, monkeypatch, "")

    assert "999" in capsys.readouterr().out


def test_a_number_with_a_hash_chooses(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(engine, monkeypatch, "#1\n")

    assert engine.turns[-1][1] == Chosen("open_doors")


@pytest.mark.parametrize("line", ["1", "#2", "#0", "999", "# 1"])
def test_everything_else_is_said(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    talk(engine, monkeypatch, f"{line}\n")

    assert engine.turns[-1][1] == Typed(line)


def test_what_can_not_be_read_is_answered(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talk(engine, monkeypatch, "/\nhola\n")

    assert engine.turns[-1][1] == Typed("hola")


def test_the_chat_is_erased_and_the_engine_closed(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(engine, monkeypatch, "hola\n\nnever read\n")

    assert engine.languages == {}
    assert engine.is_closed is True
    assert len(engine.turns) == 2

"""bot/memory.py: the program starts itself again once, with settings that overwrite memory."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from bot import memory

OURS = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was executed in place of this process; here, nothing is."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr("os.execve", lambda *given: calls.append(given))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    return calls


def test_the_same_program_is_started_with_the_settings(started: list[tuple[Any, ...]]) -> None:
    memory.overwrite_what_is_freed()

    [(program, words, environment)] = started
    assert program == sys.executable
    assert words == [sys.executable, *sys.orig_argv[1:]]
    assert environment["GLIBC_TUNABLES"] == OURS
    assert environment["PYTHONMALLOC"] == "malloc"
    assert "PATH" in environment


def test_the_operator_s_own_settings_stay(
    started: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    memory.overwrite_what_is_freed()

    assert started[0][2]["GLIBC_TUNABLES"] == f"glibc.malloc.arena_max=2:{OURS}"


@pytest.mark.parametrize(("platform", "given"), [("linux", OURS), ("darwin", "")])
def test_it_is_not_started_twice_nor_where_it_is_of_no_use(
    started: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, platform: str, given: str
) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", given)
    monkeypatch.setattr("sys.platform", platform)
    memory.overwrite_what_is_freed()

    assert started == []


def test_what_stays_is_not_looked_through_again() -> None:
    """In a process of its own: whatever is frozen stays so."""
    said = subprocess.run(
        [sys.executable, "-c", "import gc; from bot.memory import settle_in; settle_in(); "
         "print(gc.get_freeze_count() > 1000, gc.get_count()[2], gc.isenabled())"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip

    assert said.split() == ["True", "0", "True"]

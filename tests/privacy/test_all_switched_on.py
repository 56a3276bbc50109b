"""Promise 7 where an operator switches on everything: Redis, counts, a proxy in front, a site.

The Redis of this run writes to a disk, as it should not: even then there is nothing to find.
"""

from __future__ import annotations

import re
import subprocess
import sys

from conftest import WholeServer

from bot.engine.base import KEEP_S
from bot.settings import PROJECT

FREE_TEXT = re.compile(r"text \d \w+")
"""Places of words that were typed into the chat."""


def test_redis_holds_no_word_no_address_and_no_token(whole_server: WholeServer) -> None:
    """Names, values and commands, while the conversations went on."""
    assert whole_server.canaries.found_in(whole_server.held) == []
    assert b"documents_held" in whole_server.held, "nothing was held"
    assert b"'SET waymark:kept:" in whole_server.held, "no command was seen"
    assert len(whole_server.lasts_s) >= 3
    assert all(0 < seconds <= KEEP_S for seconds in whole_server.lasts_s)


def test_the_files_of_redis_hold_no_word_no_address_and_no_token(
    whole_server: WholeServer,
) -> None:
    """Every command since its start, what it held at its end, and its log."""
    files = {
        file.name: file.read_bytes()
        for file in whole_server.redis.folder.rglob("*")
        if file.is_file()
    }

    assert b"documents_held" in files["appendonly.aof.1.incr.aof"], "nothing was written"
    assert b"waymark:kept:" in files["dump.rdb"], "nothing was saved"
    assert files["redis.log"]
    assert {name: whole_server.canaries.found_in(content) for name, content in files.items()} == {
        name: [] for name in files
    }


def test_what_is_counted_holds_no_word(whole_server: WholeServer) -> None:
    assert whole_server.canaries.found_in(whole_server.metrics) == []
    assert b'waymark_requests_refused_total{kind="message"} 1.0' in whole_server.metrics
    assert b'waymark_turn_seconds_count{kind="typed"}' in whole_server.metrics


def test_it_connects_to_its_redis_and_to_nobody_else(whole_server: WholeServer) -> None:
    """Looks up no name, starts no program, opens no file."""
    redis = f"('127.0.0.1', {whole_server.redis.port})"
    notes = [
        note
        for note in whole_server.notes()[whole_server.notes_before :]
        if not (note["event"] == "socket.connect" and note["what"] == redis)
        and not (note["event"] == "socket.getaddrinfo" and note["what"] == "'127.0.0.1'")
    ]

    assert notes == []
    assert any(note["what"] == redis for note in whole_server.notes()), "Redis was not asked"


def test_after_delete_the_server_s_memory_holds_hardly_a_word(whole_server: WholeServer) -> None:
    """After some turns of somebody else. As good as it gets, so it may be a few: what is freed is
    overwritten, but not what a library keeps.
    """
    words = whole_server.canaries.words
    typed = [place for place in words if FREE_TEXT.fullmatch(place)]
    left = [place for place in typed if place in whole_server.in_memory]
    print(f"in memory: {len(left)} of {len(typed)} typed, {len(whole_server.in_memory)} of all")

    assert len(typed) == 12
    assert len(left) <= 1, left
    assert len(whole_server.in_memory) < len(words) / 20, whole_server.in_memory


def test_the_process_is_hidden_from_others_of_its_user_and_leaves_no_core() -> None:
    program = (
        "import ctypes, resource; from bot.cli.starting import read_settings; read_settings();"
        " print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "0 (0, 0)\n"

"""Promise 7 at the command line: the terminal's chat and `recognise` leave no file and no word."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from traced_server import Canaries

from bot.settings import PROJECT, load_settings

PATIENCE_S = 120
UNCAUGHT = """
import sys, threading
from bot.privacy import keep_quiet

keep_quiet("DEBUG")
word = sys.argv[1]

def fail():
    raise ValueError(word)

class Dropped:
    def __del__(self):
        raise ValueError(word)

thread = threading.Thread(target=fail)
thread.start()
thread.join()
Dropped()
fail()
"""


class Home:
    """Empty folders of a person, and `waymark` run in them."""

    def __init__(self, folder: Path) -> None:
        self.canaries = Canaries()
        self.folder = folder
        for name in ("home", "tmp", "cwd"):
            (folder / name).mkdir()

    def open(self, *words: str, **streams: int) -> subprocess.Popen[bytes]:
        """Start a command."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "WAYMARK_MODEL": str(load_settings(os.environ).model.absolute()),
            "LOG_LEVEL": "DEBUG",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
        }
        program = [sys.executable, str(Path(sys.executable).parent / "waymark"), *words]
        return subprocess.Popen(
            program, env=environment, cwd=self.folder / "cwd", stderr=subprocess.PIPE, **streams
        )

    def files(self) -> list[Path]:
        """Every file that is there."""
        return [file for file in self.folder.rglob("*") if file.is_file()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Folders with nothing in them."""
    return Home(tmp_path)


def test_a_chat_in_the_terminal_leaves_no_history_and_no_file(home: Home) -> None:
    """Typed into a real terminal, where Python would keep a history of lines."""
    new = home.canaries.new
    ours, its = pty.openpty()
    process = home.open("chat", stdin=its, stdout=its)
    os.close(its)
    shown: list[bytes] = []

    def read() -> None:
        try:
            while part := os.read(ours, 65536):
                shown.append(part)
        except OSError:  # a terminal whose other side was closed
            return

    reader = threading.Thread(target=read)
    reader.start()
    for line in (
        f"my boss {new('text')} took my passport".encode(),
        b"\xff\xed\xa0\x80 " + new("no text").encode(),
        f"he is going to kill me, his name is {new('danger')}".encode(),
        f"#{new('no number')}".encode(),
        b"",
    ):
        os.write(ours, line + b"\n")
    _, errors = process.communicate(timeout=PATIENCE_S)
    reader.join(timeout=PATIENCE_S)
    os.close(ours)

    assert process.returncode == 0, errors
    assert home.canaries.found_in(b"".join(shown)), "nothing was typed"
    assert b"\n!! " in b"".join(shown).replace(b"\r", b""), "danger was not heard"
    assert home.canaries.found_in(errors) == []
    assert home.files() == []


def test_recognise_says_and_leaves_no_word(home: Home) -> None:
    new = home.canaries.new
    process = home.open("recognise", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    lines = [
        json.dumps({"id": 1, "text": f"my boss {new('text')} took my passport"}),
        json.dumps({"id": 2, "text": f"\ud800 {new('lone surrogate')}"}),
        json.dumps({"id": 3, "text": {new("wrong type"): 1}}),
        f'{{"id": 4, "text": "{new("no JSON")}"',
    ]
    output, errors = process.communicate("\n".join(lines).encode(), timeout=PATIENCE_S)

    assert process.returncode == 1
    assert [json.loads(line)["id"] for line in output.splitlines()] == [1, 2, 3]
    assert home.canaries.found_in(output + errors) == []
    assert b"does not look like" in errors
    assert home.files() == []


def test_what_nobody_caught_is_shown_without_its_message(home: Home) -> None:
    """In the main thread, in another, and where an object is dropped."""
    word = home.canaries.new("crash")
    done = subprocess.run([sys.executable, "-c", UNCAUGHT, word], cwd=PROJECT, capture_output=True)

    assert done.returncode == 1
    assert home.canaries.found_in(done.stdout + done.stderr) == []
    assert done.stderr.count(b"ValueError (message withheld)") == 3

"""A real server, talked to in words that can't be mistaken, and everything it left behind."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.settings import PROJECT, load_settings

START_S: Final = 120
MAX_FILE_BYTES: Final = 64 * 1024 * 1024
NOT_OURS: Final = frozenset([".venv", ".uv", "node_modules", ".git"])
MARK: Final = re.compile(
    b"cnry[0-9a-f]{12}|2001:db8(?::[0-9a-f]{4}){2}"
    b"|c\0n\0r\0y\0(?:[0-9a-f]\0){12}"
    b"|c\0{3}n\0{3}r\0{3}y\0{3}(?:[0-9a-f]\0{3}){12}"
)
"""A word of Canaries, of one, two or four bytes a letter."""
ARABIC: Final = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Canaries:
    """Words made for one run, that occur nowhere else; made anew in every place they are put."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def new(self, place: str) -> str:
        """A word of Latin letters and digits for one place."""
        self.words[place] = f"cnry{secrets.token_hex(6)}"
        return self.words[place]

    def new_arabic(self, place: str) -> str:
        """A word of twelve Arabic letters."""
        self.words[place] = "".join(secrets.choice(ARABIC) for _ in range(12))
        return self.words[place]

    def new_address(self, place: str) -> str:
        """An address of a network that nobody has."""
        groups = [f"{secrets.randbelow(0xF000) + 0x1000:x}" for _ in range(6)]
        network = self.words[f"{place}: network"] = ":".join(["2001:db8", *groups[:2]])
        return ":".join([network, *groups[2:]])

    def found_in(self, content: bytes) -> list[str]:
        """Places whose word stands in the content, as it is or in an everyday disguise."""
        content = content.lower()
        marks = {found.replace(b"\0", b"").decode() for found in MARK.findall(content)}
        return [
            place
            for place, word in self.words.items()
            if word in marks
            or (
                not MARK.fullmatch(word.encode())
                and any(form in content for form in disguises(word))
            )
        ]


def disguises(word: str) -> set[bytes]:
    """A word as UTF-8, UTF-16, JSON or a URL would hold it, in small letters."""
    word = word.lower()
    return {
        word.encode(),
        word.encode("utf-16-le"),
        json.dumps(word).strip('"').encode(),
        urllib.parse.quote(word).lower().encode(),
    }


@dataclass
class Answer:
    """What came back for one request."""

    place: str
    method: str
    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def whole(self) -> bytes:
        """Headers and body."""
        return repr(self.headers).encode() + self.body

    def every(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for each, value in self.headers if each.lower() == name.lower()]


@dataclass
class TracedServer:
    """One run: talk with `send`, then `stop`, then look at what is left."""

    folder: Path
    level: str | None
    is_watched: bool
    is_failing: bool = False
    canaries: Canaries = field(default_factory=Canaries)
    answers: list[Answer] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    proc: dict[str, bytes] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start with an empty home, temporary and working folder; wait until it is ready."""
        self.started_at = time.time()
        for name in ("home", "tmp", "cwd"):
            (self.folder / name).mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),  # this copy, whichever is installed
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PORT": str(self.port),
            "WAYMARK_MODEL": str(load_settings(os.environ).model.absolute()),
            **({"LOG_LEVEL": self.level} if self.level else {}),
            **self.settings,
        }
        here = Path(__file__).parent
        program = [str(here / "watched_server.py"), str(self.notes_file)]
        if self.is_failing:
            program.append("--failing")
        if not self.is_watched:
            program = [str(Path(sys.executable).parent / "waymark")]
        with self.output_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve"],
                env=environment,
                cwd=self.folder / "cwd",
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_S
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(self.output_file.read_text("utf-8", "replace"))
            time.sleep(0.2)
        self.files_before = set(self._own_files())
        self.notes_before = len(self.notes())

    @property
    def output_file(self) -> Path:
        """Standard output and standard error together."""
        return self.folder / "output"

    @property
    def notes_file(self) -> Path:
        """What the watched server noted."""
        return self.folder / "notes"

    def notes(self) -> list[dict[str, str]]:
        """Every way out that was used, in order."""
        if not self.notes_file.exists():
            return []
        return [json.loads(line) for line in self.notes_file.read_text("utf-8").splitlines()]

    def send(
        self,
        place: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """One request, with a fresh word in every header that a browser or proxy may send."""
        new = self.canaries.new
        sent = {
            "User-Agent": f"Mozilla/5.0 {new(f'{place}: User-Agent')}",
            "Referer": f"https://{new(f'{place}: Referer')}.example/",
            "X-Forwarded-For": f"{new(f'{place}: X-Forwarded-For')},"
            f" {self.canaries.new_address(place)}",
            "X-Real-IP": new(f"{place}: X-Real-IP"),
            "X-Request-ID": new(f"{place}: X-Request-ID"),
            "Forwarded": f"for={new(f'{place}: Forwarded')}",
            "Cookie": f"session={new(f'{place}: Cookie')}",
            "Origin": f"https://{new(f'{place}: Origin')}.example",
            "Accept-Language": f"{new(f'{place}: Accept-Language')};q=0.9",
            "Idempotency-Key": new(f"{place}: Idempotency-Key"),
            "Content-Type": "application/json",
            "Prefer": "wait=8",
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **(headers or {}),
        }
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, None if body is None else content, sent)
            with connection.getresponse() as got:
                answer = Answer(place, method, path, got.status, got.getheaders(), got.read())
        finally:
            connection.close()
        self.answers.append(answer)
        try:
            return json.loads(answer.body)
        except ValueError:
            return None

    def send_raw(self, place: str, content: bytes) -> None:
        """Bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as raw:
            with contextlib.suppress(OSError):  # the server may hang up in between
                raw.sendall(content)
                raw.shutdown(socket.SHUT_WR)
            got = http.client.HTTPResponse(raw)
            got.begin()
            answer = Answer(place, "", "", got.status, got.getheaders(), got.read())
        self.answers.append(answer)

    def look_at_process(self) -> None:
        """Open files, mapped files, environment and command line, as `ps` and `lsof` have them.
        What is hidden from the server's own user is shown to nobody but root.
        """
        self.proc = {}
        for name in ("maps", "environ", "cmdline", "comm", "limits"):
            with contextlib.suppress(PermissionError):
                self.proc[name] = (self._proc / name).read_bytes()
        with contextlib.suppress(PermissionError):
            self.proc["fd"] = "\n".join(self._open_files()).encode()

    def words_in_memory(self) -> list[str]:
        """Places whose word stands somewhere in the memory that the server can write to."""
        found: set[str] = set()
        with (self._proc / "mem").open("rb", buffering=0) as memory:
            for line in (self._proc / "maps").read_text().splitlines():
                span, rights, *_ = line.split()
                start, end = (int(part, 16) for part in span.split("-"))
                if rights.startswith("rw"):
                    with contextlib.suppress(OSError, ValueError):  # unmapped meanwhile, or [vvar]
                        memory.seek(start)
                        found.update(self.canaries.found_in(memory.read(end - start)))
        return sorted(found)

    @property
    def _proc(self) -> Path:
        return Path("/proc") / str(self.process.pid)

    def _open_files(self) -> Iterator[str]:
        for entry in (self._proc / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                yield os.readlink(entry)

    def stop(self) -> None:
        """Stop as a service manager does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def new_files(self) -> list[Path]:
        """Files in the server's own folders that came during the conversation."""
        return sorted(set(self._own_files()) - self.files_before)

    def leaks_in_files(self) -> dict[str, list[str]]:
        """File -> places, over every file that came or changed since the start: in the project,
        beside the model, the server's own folders, the machine's temporary folders and the real
        home.
        """
        found = {}
        for file in {*self._own_files(), *self._changed_files()}:
            try:
                content = str(file).encode("utf-8", "replace") + b"\n" + file.read_bytes()
            except OSError:  # gone, or another user's
                continue
            if places := self.canaries.found_in(content):
                found[str(file)] = places
        return found

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            with connection.getresponse() as answer:
                return answer.status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _own_files(self) -> list[Path]:
        return [
            file for name in ("home", "tmp", "cwd") for file in _files_under(self.folder / name)
        ]

    def _changed_files(self) -> Iterator[Path]:
        model = load_settings(os.environ).model.parent.resolve()
        temporary = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
        for folder in (PROJECT, model, Path.home(), *temporary):
            for file in _files_under(folder):
                try:
                    stat = file.stat()
                except OSError:
                    continue
                is_new = max(stat.st_mtime, stat.st_ctime) >= self.started_at
                if is_new and stat.st_size <= MAX_FILE_BYTES:
                    yield file


def _files_under(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        for name in files:
            file = Path(here) / name
            if file.is_file() and not file.is_symlink():
                yield file

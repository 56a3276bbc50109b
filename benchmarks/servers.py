"""Start a side on loopback, talk to it over HTTP, weigh it, and end it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import psutil

WAYMARK_COMMAND: Final = (sys.executable, "-c", "from bot.cli import app; app(['serve'])")
LOOPBACK: Final = "127.0.0.1"
START_LIMIT_S: Final = 300
TURN_LIMIT_S: Final = 60
_POLL_S: Final = 0.02


class BenchmarkError(RuntimeError):
    """A side did not start, did not answer, or answered wrongly: there is nothing to compare."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class Side(ABC):
    """The processes of one side, from start to end.

    Attributes:
        start_s: seconds from the first process's start until the first turn was answered.
        unanswered: turns that gave no message, after the start.
    """

    name = ""

    def __init__(self, logs: Path) -> None:
        self.start_s = 0.0
        self.unanswered = 0
        self._logs = logs
        self._port = free_port()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._connection: http.client.HTTPConnection | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self._port}"

    @abstractmethod
    def launch(self) -> None:
        """Start the processes."""

    @abstractmethod
    def is_up(self) -> bool:
        """Whether every process says that it is ready."""

    @abstractmethod
    def begin(self) -> str:
        """Open a conversation with the assistant's first turn; returns its key."""

    @abstractmethod
    def turn(self, conversation: str, said: str, *, typed: bool) -> float:
        """Say or click one thing; returns seconds until the whole answer was read."""

    def __enter__(self) -> Self:
        began = time.perf_counter()
        try:
            self.launch()
            while not self.is_up():
                self._check_alive()
                if time.perf_counter() - began > START_LIMIT_S:
                    raise BenchmarkError(
                        f"{self.name} was not ready in {START_LIMIT_S} s: {self._logs}"
                    )
                time.sleep(_POLL_S)
            self.begin()
        except BaseException:
            self.end()
            raise
        self.start_s = time.perf_counter() - began
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.end()

    def memory_mb(self) -> dict[str, float]:
        """Resident memory (MB, 10^6 bytes) of each process with its children."""
        return {
            part: round(sum(p.memory_info().rss for p in _family(process.pid)) / 1e6, 1)
            for part, process in self._processes.items()
        }

    def end(self) -> None:
        """End the processes that this side started."""
        self.hang_up()
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def spawn(
        self, part: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        """Start one process; its output goes to a file of its own."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{part}.log").open("wb") as log:
            self._processes[part] = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def hang_up(self) -> None:
        """Close the kept connection: each conversation has its own, none is idle for long."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def answers(self, path: str, port: int | None = None) -> bool:
        """Whether a GET gives 200 now."""
        probe = http.client.HTTPConnection(LOOPBACK, port or self._port, timeout=5)
        try:
            probe.request("GET", path)
            return probe.getresponse().status == 200
        except OSError:
            return False
        finally:
            probe.close()

    def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, float]:
        """POST JSON on the conversation's connection; returns the JSON and the seconds it took."""
        data = json.dumps(body).encode()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                LOOPBACK, self._port, timeout=TURN_LIMIT_S
            )
        began = time.perf_counter()
        try:
            self._connection.request(
                "POST", path, data, {"Content-Type": "application/json", **(headers or {})}
            )
            response = self._connection.getresponse()
            answer = response.read()
        except OSError as error:
            raise BenchmarkError(f"{self.name} broke off: {error}; see {self._logs}") from error
        seconds = time.perf_counter() - began
        if response.status >= 300:
            raise BenchmarkError(f"{self.name} answered {response.status}; see {self._logs}")
        return json.loads(answer), seconds

    def _check_alive(self) -> None:
        for part, process in self._processes.items():
            if process.poll() is not None:
                raise BenchmarkError(f"{self.name}'s {part} ended; see {self._logs}")


class WaymarkSide(Side):
    """`waymark serve`: one process."""

    name = "Waymark"

    def __init__(
        self,
        logs: Path,
        command: Sequence[str],
        project: Path,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`settings`: more of the environment, as an operator would set it."""
        super().__init__(logs)
        self._command = command
        self._project = project
        self._settings = settings or {}

    def launch(self) -> None:
        """Serve page and API."""
        environment = {
            **os.environ,
            **self._settings,
            "HOST": LOOPBACK,
            "PORT": str(self._port),
        }
        self.spawn("server", self._command, environment, self._project)

    def is_up(self) -> bool:
        """As an operator's check asks."""
        return self.answers("/health/ready")

    def begin(self) -> str:
        """A conversation's token."""
        self.hang_up()
        answer, _ = self.post("/api/v1/conversations", {})
        return str(answer["token"])

    def turn(self, conversation: str, said: str, *, typed: bool) -> float:
        """One POST to the API that the widget uses."""
        answer, seconds = self.post(
            "/api/v1/messages",
            {"text" if typed else "choice": said},
            {"Authorization": f"Bearer {conversation}"},
        )
        self.unanswered += not answer["replies"]
        return seconds

    def end(self) -> None:
        """End it; an engine that gave up during a turn spoils the comparison."""
        super().end()
        log = self._logs / "server.log"
        if log.exists() and b"gave no answer" in log.read_bytes():
            raise BenchmarkError(f"Waymark's engine gave up in a turn; see {self._logs}")


class StockSide(Side):
    """`rasa run` and `rasa run actions`: two processes, as Rasa's documentation deploys them."""

    name = "Stock Rasa"

    def __init__(
        self, logs: Path, rasa: Path, model: Path, credentials: Path, project: Path
    ) -> None:
        super().__init__(logs)
        self._rasa = str(rasa)
        self._model = model
        self._credentials = credentials
        self._project = project
        self._actions_port = free_port()

    def launch(self) -> None:
        """Both processes at once; the actions are Waymark's, unchanged."""
        environment = {
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": LOOPBACK,
            "PYTHONPATH": str(self._project),
        }
        self._logs.mkdir(parents=True, exist_ok=True)
        endpoints = self._logs / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint:\n  url: http://{LOOPBACK}:{self._actions_port}/webhook\n"
        )
        actions = [
            self._rasa,
            "run",
            "actions",
            "--actions",
            "actions",
            "-p",
            str(self._actions_port),
        ]
        self.spawn("actions", actions, environment, self._logs)
        server = [
            self._rasa, "run", "-i", LOOPBACK, "-p", str(self._port), "-m", str(self._model),
            "--endpoints", str(endpoints), "--credentials", str(self._credentials),
        ]  # fmt: skip
        self.spawn("server", server, environment, self._logs)

    def is_up(self) -> bool:
        """Rasa listens only once its model is loaded."""
        return self.answers("/health", self._actions_port) and self.answers("/")

    def begin(self) -> str:
        """A sender id."""
        self.hang_up()
        sender = uuid.uuid4().hex
        answer, _ = self.post(
            "/webhooks/rest/webhook", {"sender": sender, "message": "/start_chat"}
        )
        if not answer:
            raise BenchmarkError(f"Stock Rasa gave an empty first turn; see {self._logs}")
        return sender

    def turn(self, conversation: str, said: str, *, typed: bool) -> float:
        """One POST to Rasa's REST channel."""
        answer, seconds = self.post(
            "/webhooks/rest/webhook", {"sender": conversation, "message": said}
        )
        self.unanswered += not answer
        return seconds


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]

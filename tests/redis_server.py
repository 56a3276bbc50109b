"""A Redis of the machine's own, as deploy/ runs it: in memory only, nothing on the disk."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

START_S = 15


class RedisServer:
    """One server on a free port of this machine, in a folder of its own."""

    def __init__(
        self, folder: Path, *, is_kept: bool = False, certificate: Path | None = None
    ) -> None:
        """Start nothing yet.

        Args:
            is_kept: write everything to the disk, as no operator should, and remember every
                command, so that a test can search it.
            certificate: a folder with cert.pem and key.pem; then it speaks TLS only.
        """
        self.folder = folder
        self.is_kept = is_kept
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        scheme = "rediss" if certificate else "redis"
        self.url = f"{scheme}://:zzz-password@127.0.0.1:{self.port}/0"
        self._listens = ["--port", str(self.port)]
        if certificate:
            self._listens = [
                "--port",
                "0",
                "--tls-port",
                str(self.port),
                "--tls-auth-clients",
                "no",
            ]
            for name in ("cert", "key"):
                self._listens += [f"--tls-{name}-file", str(certificate / f"{name}.pem")]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed: `make browser` brings it"
        self._process = subprocess.Popen(
            [
                *(program, *self._listens, "--bind", "127.0.0.1"),
                *("--dir", str(self.folder), "--save", ""),
                *("--appendonly", "yes" if self.is_kept else "no", "--rdbcompression", "no"),
                *("--slowlog-log-slower-than", "0" if self.is_kept else "-1"),
                *("--slowlog-max-len", "100000"),
                *("--requirepass", "zzz-password", "--maxmemory-policy", "noeviction"),
                *("--logfile", "redis.log"),
            ],
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def client(self) -> redis.Redis:
        """A connection that gives bytes."""
        return redis.Redis.from_url(self.url)

    @property
    def is_running(self) -> bool:
        """Whether it was started and not ended."""
        return self._process is not None

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal: SIGSTOP makes it hang, SIGCONT goes on."""
        assert self._process
        self._process.send_signal(number)

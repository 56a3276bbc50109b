"""Many conversations at once: how long a turn takes, and how many turns a second there are.

    uv run --with psutil python -m benchmarks.load            # about six minutes
    uv run --with psutil python -m benchmarks.load --soak 20  # and twenty minutes at half of it

Starts `waymark serve` on this machine and talks to it over HTTP, a button and typed messages by
turns. First as fast as it answers: that is the most turns a second. Then at half of that rate,
spread over 1, 10, 100 and 500 open conversations. Then the same with two processes that share a
Redis (redis-server must be installed); every message goes to the other process than the last.
Writes results/load.md and load.json.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.messages import TYPED
from benchmarks.timing import machine

try:
    import psutil
except ModuleNotFoundError as error:
    raise SystemExit(
        f"{error.name} is missing: uv run --with psutil python -m benchmarks.load"
    ) from None

RESULTS: Final = Path(__file__).parent / "results"
OPEN: Final = (1, 10, 100, 500)
SECONDS: Final = 30.0
"""How long each number of conversations is measured."""
AT_MOST: Final = 20
"""Conversations without a pause that fill it."""
START_S: Final = 120
HELD: Final = 2000
"""Conversations that are opened to see what one costs in memory."""
BUTTON: Final = '/answer{"safe_to_talk":"yes"}'
MESSAGES: Final = [{"choice": BUTTON}, *({"text": text} for talk in TYPED for text in talk)]


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Servers:
    """One or more `waymark serve` on ports of their own, and their Redis."""

    def __init__(self, processes: int) -> None:
        self._running: list[subprocess.Popen[bytes]] = []
        self._folder = tempfile.mkdtemp()
        shared: dict[str, str] = {}
        if processes > 1:
            port = free_port()
            program = shutil.which("redis-server") or "redis-server"
            self._running.append(
                subprocess.Popen(
                    [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
                    cwd=self._folder,
                    stdout=subprocess.DEVNULL,
                )
            )
            shared = {
                "WAYMARK_REDIS_URL": f"redis://127.0.0.1:{port}/0",
                "WAYMARK_SECRET": secrets.token_hex(32),
            }
        self.urls = []
        self.servers = []
        for _ in range(processes):
            port = free_port()
            environment = {**os.environ, **shared, "PORT": str(port), "HOST": "127.0.0.1"}
            command = [sys.executable, "-c", "from bot.cli import app; app(['serve'])"]
            server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
            self._running.append(server)
            self.servers.append(psutil.Process(server.pid))
            self.urls.append(f"http://127.0.0.1:{port}")

    def close(self) -> None:
        """End them all."""
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def resident_mb(self) -> float:
        """Resident memory of one process, the mean."""
        return float(statistics.mean(each.memory_info().rss for each in self.servers)) / 1e6


async def wait_until_ready(session: aiohttp.ClientSession, urls: list[str]) -> None:
    """Until each answers."""
    until = time.monotonic() + START_S
    for url in urls:
        while True:
            try:
                async with session.get(f"{url}/health/ready") as answer:
                    if answer.status == 200:
                        break
            except aiohttp.ClientError:
                pass
            if time.monotonic() > until:
                raise SystemExit("waymark serve did not start")
            await asyncio.sleep(0.2)


async def begin(session: aiohttp.ClientSession, urls: list[str]) -> dict[str, str]:
    """Open a conversation; the headers that go on with it."""
    async with session.post(
        f"{urls[0]}/api/v1/conversations", json={"language": "en", "route": "self"}
    ) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


async def talk(
    session: aiohttp.ClientSession,
    urls: list[str],
    headers: dict[str, str],
    until: float,
    pause_s: float,
) -> tuple[list[float], int]:
    """One conversation: times of its turns, and how many had no answer."""
    await asyncio.sleep(random.uniform(0, pause_s))
    address = itertools.cycle(urls)
    times, failed = [], 0
    for message in itertools.cycle(random.sample(MESSAGES, len(MESSAGES))):
        if time.monotonic() > until:
            break
        began = time.perf_counter()
        async with session.post(
            f"{next(address)}/api/v1/messages", json=message, headers=headers
        ) as answer:
            body = await answer.read()
            failed += answer.status != 200 or not body
        times.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, min(pause_s - times[-1], until - time.monotonic())))
    return times, failed


async def at_once(
    session: aiohttp.ClientSession,
    urls: list[str],
    talks: int,
    seconds: float,
    pause_s: float = 0.0,
) -> dict[str, float]:
    """So many conversations, opened before, for so long or till each has said something."""
    opened = [await begin(session, urls) for _ in range(talks)]
    seconds = max(seconds, 1.5 * pause_s)
    until = time.monotonic() + seconds
    done = await asyncio.gather(
        *(talk(session, urls, headers, until, pause_s) for headers in opened)
    )
    for headers in opened:
        async with session.delete(f"{urls[0]}/api/v1/conversations", headers=headers):
            pass
    times = sorted(each for own, _ in done for each in own)
    return {
        "open": talks,
        "turns": len(times),
        "median_ms": 1000 * statistics.median(times),
        "p99_ms": 1000 * times[int(0.99 * (len(times) - 1))],
        "turns_per_s": len(times) / seconds,
        "failed": sum(failed for _, failed in done),
    }


async def measure(processes: int, soak_s: float) -> dict[str, Any]:
    """Everything about this many processes."""
    servers = Servers(processes)
    connector = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=120)
    try:
        async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
            await wait_until_ready(session, servers.urls)
            await at_once(session, servers.urls, 4, 5)  # warms up
            result: dict[str, Any] = {"processes": processes, "resident_mb": servers.resident_mb}
            most = await at_once(session, servers.urls, AT_MOST, SECONDS)
            half = most["turns_per_s"] / 2
            result["loads"] = [most] + [
                await at_once(session, servers.urls, talks, SECONDS, pause_s=talks / half)
                for talks in OPEN
            ]
            result["resident_after_mb"] = servers.resident_mb
            if processes == 1:
                before = servers.resident_mb
                for _ in range(HELD // 50):
                    await asyncio.gather(
                        *(
                            session.post(
                                f"{servers.urls[0]}/api/v1/conversations",
                                json={"language": "en", "route": "self"},
                            )
                            for _ in range(50)
                        )
                    )
                result["kb_per_conversation"] = 1000 * (servers.resident_mb - before) / HELD
            if soak_s:
                memory = []
                for _ in range(4):
                    await at_once(session, servers.urls, 20, soak_s / 4, pause_s=20 / half)
                    memory.append(servers.resident_mb)
                result["soak_mb"] = memory
        return result
    finally:
        servers.close()


def as_markdown(where: dict[str, Any], results: list[dict[str, Any]]) -> str:
    """The result as a table."""
    lines = [
        "# Many conversations at once",
        "",
        f"{where['date']}; {where['processor']}, {where['cores']} cores; load before the start"
        f" {where['load_before']}. Client and servers on one machine. Made by `benchmarks/load.py`.",
        "",
        "The first row of each is as fast as it answers, the others at half of that rate.",
        "",
        "| Processes | Open conversations | Turns a second | Median (ms) | 99 of 100 within (ms) | Without an answer |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        for load in result["loads"]:
            lines.append(
                f"| {result['processes']} | {load['open']} | {load['turns_per_s']:.1f}"
                f" | {load['median_ms']:.0f} | {load['p99_ms']:.0f} | {load['failed']} |"
            )
    lines.append("")
    for result in results:
        lines.append(
            f"{result['processes']} process(es): {result['resident_mb']:.0f} MB resident each after"
            f" warming up, {result['resident_after_mb']:.0f} MB after all loads."
        )
        if "kb_per_conversation" in result:
            lines.append(
                f"{HELD} more open conversations took {result['kb_per_conversation']:.1f} KB each."
            )
        if "soak_mb" in result:
            lines.append(
                "At half of the most turns a second, in quarters: "
                + ", ".join(f"{each:.0f} MB" for each in result["soak_mb"])
                + "."
            )
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, write, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--soak", type=float, default=0, help="minutes at half of the most")
    given = options.parse_args()
    where = machine()
    results = [
        asyncio.run(measure(processes, 60 * given.soak if processes == 1 else 0))
        for processes in (1, 2)
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "load.json").write_text(
        json.dumps({"machine": where, "results": results}, indent=1) + "\n"
    )
    text = as_markdown(where, results)
    (RESULTS / "load.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()

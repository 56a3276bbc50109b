"""Many conversations at once: how long a turn takes, and how many turns a second there are.

    uv run --with psutil python -m benchmarks.load            # eight minutes
    uv run --with psutil python -m benchmarks.load --stock    # and stock Rasa beside it
    uv run --with psutil python -m benchmarks.load --soak 20  # twenty minutes at half of the most

Starts `waymark serve` on this machine and talks to it over HTTP: ten clicks to twenty-four typed
messages, in any order. First as fast as it answers: that is the most turns a second. Then at half
of that rate, spread over 1, 10, 100 and 500 open conversations. Then the same with two processes
that share a Redis (redis-server must be installed), every message to the other process than the
last, and with stock Rasa 3.6.21 (benchmarks/README.md). Writes results/load.md and load.json. A
soak is a run of its own, which looks at memory only: results/soak.md and soak.json.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import secrets
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import aiohttp

from benchmarks.clients import Client, StockClient, WaymarkClient
from benchmarks.messages import BUTTONS, TYPED
from benchmarks.timing import machine, write_result

try:
    from benchmarks.servers import (
        WAYMARK_COMMAND,
        BenchmarkError,
        Side,
        StockSide,
        WaymarkSide,
        free_port,
    )
except ModuleNotFoundError as error:
    raise SystemExit(
        f"{error.name} is missing: uv run --with psutil python -m benchmarks.load"
    ) from None
from benchmarks.stock_model import RASA, STOCK, WORK, model_for, sync_environment
from bot.settings import PROJECT

OPEN: Final = (1, 10, 100, 500)
SECONDS: Final = 30.0
"""How long each number of conversations is measured, unless told otherwise."""
AT_MOST: Final = 20
"""Conversations without a pause that fill it."""
HELD: Final = 1000
"""Conversations that are opened to see what one costs in memory."""
ONE: Final = "One process"
TWO: Final = "Two, with Redis"
STOCK_NAME: Final = "Stock Rasa"
SAID: Final = (
    *((button, False) for button in BUTTONS[1:]),
    *((text, True) for talk in TYPED for text in talk),
)
"""What is said, and whether it is typed."""


async def talk(
    session: aiohttp.ClientSession, client: Client, key: str, until: float, pause_s: float
) -> tuple[list[float], int]:
    """One conversation: times of its turns, and how many had no answer."""
    await asyncio.sleep(random.uniform(0, pause_s))
    times, failed = [], 0
    for said, is_typed in itertools.cycle(random.sample(SAID, len(SAID))):
        if time.monotonic() > until:
            break
        began = time.perf_counter()
        failed += not await client.turn(session, key, said, is_typed=is_typed)
        times.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, min(pause_s - times[-1], until - time.monotonic())))
    return times, failed


async def at_once(
    session: aiohttp.ClientSession,
    client: Client,
    talks: int,
    seconds: float,
    pause_s: float = 0.0,
) -> dict[str, float]:
    """So many conversations, opened before, for so long or till each has said something."""
    opened = [await client.begin(session) for _ in range(talks)]
    seconds = max(seconds, 1.5 * pause_s)
    began = time.monotonic()
    done = await asyncio.gather(
        *(talk(session, client, key, began + seconds, pause_s) for key in opened)
    )
    took = time.monotonic() - began
    for key in opened:
        await client.end(session, key)
    times = sorted(each for own, _ in done for each in own)
    return {
        "open": talks,
        "turns": len(times),
        "median_ms": 1000 * statistics.median(times),
        "p99_ms": 1000 * times[int(0.99 * (len(times) - 1))],
        "turns_per_s": len(times) / took,
        "failed": sum(failed for _, failed in done),
    }


def resident_mb(sides: Sequence[Side]) -> float:
    """Resident memory of one side with all its processes, the mean."""
    return statistics.mean(sum(side.memory_mb().values()) for side in sides)


async def measure(
    sides: Sequence[Side], client: Client, seconds: float, *, held: int = 0
) -> dict[str, Any]:
    """Everything about these sides, which share their conversations."""
    connector = aiohttp.TCPConnector(limit=0)
    patience = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
        await at_once(session, client, 4, 10)  # warms up
        result: dict[str, Any] = {
            "start_s": statistics.mean(side.start_s for side in sides),
            "resident_mb": resident_mb(sides),
        }
        most = await at_once(session, client, AT_MOST, seconds)
        half = most["turns_per_s"] / 2
        result["loads"] = [most] + [
            await at_once(session, client, talks, seconds, pause_s=talks / half) for talks in OPEN
        ]
        result["resident_after_mb"] = resident_mb(sides)
        if held:
            for _ in range(held // 50):
                await asyncio.gather(*(client.begin(session) for _ in range(50)))
            more = resident_mb(sides) - result["resident_after_mb"]
            result["kb_per_conversation"] = 1000 * more / held
    return result


async def soak(side: Side, client: Client, seconds: float) -> dict[str, Any]:
    """Half of the most turns a second for so long; memory after each tenth of it."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        most = await at_once(session, client, AT_MOST, SECONDS)
        result: dict[str, Any] = {"start_mb": resident_mb([side]), "turns": 0, "failed": 0}
        result["most_per_s"], result["memory_mb"] = most["turns_per_s"], []
        for _ in range(10):
            pause_s = 2 * AT_MOST / most["turns_per_s"]
            load = await at_once(session, client, AT_MOST, seconds / 10, pause_s=pause_s)
            result["memory_mb"].append(resident_mb([side]))
            for name in ("turns", "failed"):
                result[name] += load[name]
    return result


@contextlib.contextmanager
def shared_redis() -> Iterator[dict[str, str]]:
    """A Redis in memory, and the settings with which processes share it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [shutil.which("redis-server") or "redis-server", "--port", str(port)]
        redis = subprocess.Popen(
            [*command, "--bind", "127.0.0.1", "--save", ""], cwd=folder, stdout=subprocess.DEVNULL
        )
        try:
            yield {
                "WAYMARK_REDIS_URL": f"redis://127.0.0.1:{port}/0",
                "WAYMARK_SECRET": secrets.token_hex(32),
            }
        finally:
            redis.terminate()
            redis.wait(timeout=30)


def waymark(processes: int, *, seconds: float = SECONDS, soak_s: float = 0) -> dict[str, Any]:
    """One process by itself, or several with a Redis; or a soak of one."""
    with contextlib.ExitStack() as stack:
        shared = stack.enter_context(shared_redis()) if processes > 1 else {}
        sides = [
            stack.enter_context(
                WaymarkSide(WORK / "logs" / f"waymark-{number}", WAYMARK_COMMAND, PROJECT, shared)
            )
            for number in range(processes)
        ]
        client = WaymarkClient([side.url for side in sides])
        if soak_s:
            return asyncio.run(soak(sides[0], client, soak_s))
        held = HELD if processes == 1 else 0
        return asyncio.run(measure(sides, client, seconds, held=held))


def stock(epochs: int, limit_s: float, seconds: float) -> dict[str, Any]:
    """Stock Rasa's server and action server."""
    sync_environment()
    model = model_for(epochs, limit_s)
    credentials = STOCK / "credentials.yml"
    with StockSide(WORK / "logs" / "stock", RASA, model, credentials, PROJECT) as side:
        return asyncio.run(measure([side], StockClient(side.url), seconds))


def as_markdown(where: dict[str, Any], results: dict[str, dict[str, Any]]) -> str:
    """The result as a table."""
    lines = [
        "# Many conversations at once",
        "",
        f"{where['date']}; {where['processor']}, {where['cores']} cores; load before the start"
        f" {where['load_before']}. Client and servers on one machine. Made by `benchmarks/load.py`.",
        "",
        "The first row of each is as fast as it answers, the others at half of that rate.",
        "",
        "| | Open conversations | Turns a second | Median (ms) | 99 of 100 within (ms) | Without an answer |",
        "| :--- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {load['open']} | {load['turns_per_s']:.1f} | {load['median_ms']:.0f}"
        f" | {load['p99_ms']:.0f} | {load['failed']} |"
        for name, result in results.items()
        for load in result["loads"]
    ]
    lines.append("")
    for name, result in results.items():
        lines.append(
            f"{name}: {result['start_s']:.1f} s from the start to the first answer;"
            f" {result['resident_mb']:.0f} MB resident each after warming up,"
            f" {result['resident_after_mb']:.0f} MB after all loads."
        )
        if "kb_per_conversation" in result:
            lines.append(
                f"{HELD} more open conversations took {result['kb_per_conversation']:.1f} KB each."
            )
    if STOCK_NAME in results:
        lines += ["", *_beside_stock(results)]
    return "\n".join([*lines, ""])


def soak_as_markdown(where: dict[str, Any], minutes: float, result: dict[str, Any]) -> str:
    """The result in words."""
    memory = ", ".join(f"{each:.1f}" for each in result["memory_mb"])
    return f"""# {minutes:.0f} minutes at half of the most turns a second

{where["date"]}; {where["processor"]}, {where["cores"]} cores; load before the start {where["load_before"]}. Made by `benchmarks/load.py --soak`.

One process, {AT_MOST} conversations at a time, {result["turns"]} turns, {result["failed"]} without an answer: {result["turns"] / 60 / minutes:.1f} a second, where {result["most_per_s"]:.1f} were the most.

Resident memory (MB): {result["start_mb"]:.1f} at the start; then after each tenth {memory}.
"""


def _beside_stock(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours, theirs = results[ONE], results[STOCK_NAME]
    yield f"{ONE} beside {STOCK_NAME} (its server and its action server), each at its own rate:"
    yield ""
    yield "| Open conversations | Median | 99 of 100 |"
    yield "| ---: | ---: | ---: |"
    for own, other in zip(ours["loads"][1:], theirs["loads"][1:]):
        yield (
            f"| {own['open']} | {own['median_ms'] / other['median_ms']:.2f}"
            f" | {own['p99_ms'] / other['p99_ms']:.2f} |"
        )
    most = ours["loads"][0]["turns_per_s"] / theirs["loads"][0]["turns_per_s"]
    yield ""
    yield (
        f"Turns a second at most: {most:.1f} times as many."
        f" Memory: {ours['resident_mb'] / theirs['resident_mb']:.2f}."
        f" Start: {ours['start_s'] / theirs['start_s']:.2f}."
    )


def main() -> None:
    """Measure, write, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--soak", type=float, default=0, help="only this: minutes at half")
    options.add_argument(
        "--seconds", type=float, default=SECONDS, help="for each number of conversations"
    )
    options.add_argument("--stock", action="store_true", help="stock Rasa beside it")
    options.add_argument(
        "--epochs", type=int, default=1, help="of stock Rasa's training; no matter here (default 1)"
    )
    given = options.parse_args()
    where = machine()
    if given.soak:
        soaked = waymark(1, soak_s=60 * given.soak)
        write_result(
            "soak", {"machine": where, **soaked}, soak_as_markdown(where, given.soak, soaked)
        )
        return
    try:
        results = {name: waymark(n, seconds=given.seconds) for name, n in ((ONE, 1), (TWO, 2))}
        if given.stock:
            results[STOCK_NAME] = stock(given.epochs, 60 * 60, given.seconds)
    except BenchmarkError as error:
        raise SystemExit(str(error)) from None
    write_result("load", {"machine": where, "results": results}, as_markdown(where, results))


if __name__ == "__main__":
    main()

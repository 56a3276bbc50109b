"""Waymark beside stock Rasa 3.6.21 with its default pipeline, on the same training data.

    uv run --with psutil python -m benchmarks.compare [--quick]

Measures both in one run and writes benchmarks/results/compare.json and compare.md. The
README beside this file says what is counted and what is not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from benchmarks.messages import BUTTONS, TYPED
from benchmarks.timing import as_dict, machine, summarise

try:
    from benchmarks.servers import WAYMARK_COMMAND, BenchmarkError, Side, StockSide, WaymarkSide
except ModuleNotFoundError as error:
    raise SystemExit(
        f"{error.name} is missing: uv run --with psutil python -m benchmarks.compare"
    ) from None
from benchmarks.stock_model import RASA, STOCK, WORK, model_for, sync_environment
from bot.settings import PROJECT, Settings

RESULTS: Final = PROJECT / "benchmarks" / "results"
TARGET: Final = 1 / 4
SETTLE_S: Final = 2.0


def compare(*, epochs: int, starts: int, rounds: int, train_limit_s: float) -> dict[str, Any]:
    """Run everything; the result is ready for JSON.

    Raises:
        BenchmarkError: a side can't be made, started or talked to.
    """
    if not Settings().model.is_file():
        raise BenchmarkError("Waymark has no model yet: make train")
    _say("1/5 Stock Rasa's environment (about 2.5 GB, installed once)")
    sync_environment()
    _say(f"2/5 Stock Rasa's model, {epochs} epochs (kept until the training data changes)")
    model = model_for(epochs, train_limit_s)
    where = machine()
    _say(f"3/5 Start to ready, {starts} times each")
    sides: dict[str, Callable[[], Side]] = {
        "waymark": lambda: WaymarkSide(WORK / "logs" / "waymark", WAYMARK_COMMAND, PROJECT),
        "stock": lambda: StockSide(
            WORK / "logs" / "stock", RASA, model, STOCK / "credentials.yml", PROJECT
        ),
    }
    started: dict[str, list[float]] = {key: [] for key in sides}
    for _ in range(starts):
        for key, make in sides.items():
            with make() as side:
                started[key].append(round(side.start_s, 2))
            _say(f"    {side.name}: {side.start_s:.1f} s")
    _say("4/5 Memory and turns, both sides by turns")
    result: dict[str, Any] = {key: {"start_s": statistics.median(started[key])} for key in sides}
    with contextlib.ExitStack() as stack:
        running = {key: stack.enter_context(make()) for key, make in sides.items()}
        taken = _talk(running, rounds, result)
    for key, times in taken.items():
        both = times["button"] + times["typed"]
        result[key] |= {
            "starts_s": started[key],
            "button": as_dict(summarise(times["button"])),
            "typed": as_dict(summarise(times["typed"])),
            "all": as_dict(summarise(both)),
            "unanswered": running[key].unanswered,
        }
    _say("5/5 Waymark alone: server time and the encoder")
    alone = _alone()
    result |= {"alone": alone, "machine": where, "epochs": epochs, "rounds": rounds}
    result["ratios"] = _ratios(result)
    return result


def _talk(
    running: dict[str, Side], rounds: int, result: dict[str, Any]
) -> dict[str, dict[str, list[float]]]:
    """One warm-up round, then memory, then `rounds` timed rounds, conversation by conversation."""
    taken: dict[str, dict[str, list[float]]] = {key: {"button": [], "typed": []} for key in running}
    conversations = (BUTTONS, *TYPED)
    bar = tqdm(total=(rounds + 1) * len(conversations), unit="conversation", leave=False)
    for number in range(rounds + 1):
        for said in conversations:
            kind = "button" if said is BUTTONS else "typed"
            for key, side in running.items():
                token = side.begin()
                times = [side.turn(token, each, typed=kind == "typed") for each in said]
                if number:
                    taken[key][kind] += times
            bar.update()
        if number in (0, rounds):
            time.sleep(SETTLE_S)
            for key, side in running.items():
                parts = side.memory_mb()
                label = "memory_mb" if number == 0 else "memory_after_mb"
                result[key][label] = {**parts, "total": round(sum(parts.values()), 1)}
    bar.close()
    return taken


def _alone() -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.turns", "--json"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=600, check=False)
    if done.returncode:
        raise BenchmarkError(f"benchmarks.turns failed: {done.stderr.decode()[-500:]}")
    taken: dict[str, Any] = json.loads(done.stdout)
    taken.pop("machine")
    return taken


def _ratios(result: dict[str, Any]) -> dict[str, float]:
    ours, theirs = result["waymark"], result["stock"]
    return {
        "memory": round(ours["memory_mb"]["total"] / theirs["memory_mb"]["total"], 3),
        "start": round(ours["start_s"] / theirs["start_s"], 3),
        **{
            kind: round(ours[kind]["median_ms"] / theirs[kind]["median_ms"], 3)
            for kind in ("all", "button", "typed")
        },
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The tables of compare.md."""
    ours, theirs, ratios = result["waymark"], result["stock"], result["ratios"]
    where, alone = result["machine"], result["alone"]
    names = {
        "all": "Turn over HTTP",
        "button": "Button turn over HTTP",
        "typed": "Typed turn over HTTP",
    }
    memory, their_memory = ours["memory_mb"]["total"], theirs["memory_mb"]["total"]
    rows = [
        ("Start to the first answered turn (s)", ours["start_s"], theirs["start_s"], "start"),
        ("Resident memory after warm-up (MB)", memory, their_memory, "memory"),
    ]
    rows += [
        (f"{name}, median (ms)", ours[kind]["median_ms"], theirs[kind]["median_ms"], kind)
        for kind, name in names.items()
    ]
    lines = [
        "# Waymark and stock Rasa 3.6.21",
        "",
        f"{where['date']}; {where['processor']}, {where['cores']} cores, {where['system']}, "
        f"Python {where['python']}; load before the start {where['load_before']}. "
        f"Stock Rasa trained for {result['epochs']} epochs. {ours['all']['count']} turns a side "
        f"({ours['button']['count']} buttons, {ours['typed']['count']} typed), "
        f"{len(ours['starts_s'])} starts a side. Made by `benchmarks/compare.py`.",
        "",
        "| | Waymark | Stock Rasa | Ratio | A quarter or less |",
        "|---|---:|---:|---:|:---|",
        *(
            f"| {name} | {mine:.1f} | {other:.1f} | {ratios[key]:.2f} | {_verdict(ratios[key])} |"
            for name, mine, other, key in rows
        ),
        *(
            f"| {name}, 99 of 100 within (ms) | {ours[kind]['p99_ms']:.1f} "
            f"| {theirs[kind]['p99_ms']:.1f} | | |"
            for kind, name in names.items()
        ),
        f"| Turns without an answer | {ours['unanswered']} | {theirs['unanswered']} | | |",
        "",
        f"Stock Rasa's memory: server {theirs['memory_mb']['server']:.0f} MB, action server "
        f"{theirs['memory_mb']['actions']:.0f} MB. Beside its server alone, Waymark's ratio is "
        f"{ours['memory_mb']['total'] / theirs['memory_mb']['server']:.2f}.",
        "",
        "| Waymark alone | Median (ms) | 99 of 100 within (ms) |",
        "|---|---:|---:|",
        *(
            f"| {name} | {alone[kind]['median_ms']:.1f} | {alone[kind]['p99_ms']:.1f} |"
            for kind, name in (
                ("button", "Button turn, server time (target: under 5)"),
                ("typed", "Typed turn, server time"),
                ("encoder", "The encoder itself, same texts"),
            )
        ),
    ]
    return "\n".join(lines) + "\n"


def _verdict(ratio: float) -> str:
    return "yes" if ratio <= TARGET else "**no**"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Compare, print and write the results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="1 epoch, 2 starts, 3 rounds")
    options.add_argument("--epochs", type=int, help="stock Rasa's epochs (default 100)")
    options.add_argument("--starts", type=int, help="starts of each side (default 3)")
    options.add_argument("--rounds", type=int, help="timed rounds of 34 turns (default 10)")
    options.add_argument(
        "--train-limit",
        type=float,
        metavar="MINUTES",
        help="give up training after this long (default 480; quick 60)",
    )
    options.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    given = options.parse_args()
    quick = given.quick
    try:
        result = compare(
            epochs=given.epochs or (1 if quick else 100),
            starts=given.starts or (2 if quick else 3),
            rounds=given.rounds or (3 if quick else 10),
            train_limit_s=60 * (given.train_limit or (60 if quick else 480)),
        )
    except BenchmarkError as error:
        raise SystemExit(f"No comparison. {error}") from None
    table = as_markdown(result)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "compare.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    (given.out / "compare.md").write_text(table, "utf-8")
    print(table)


if __name__ == "__main__":
    main()

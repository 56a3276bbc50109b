"""What more languages and more training messages cost: training, model, memory and turns.

    uv run --with psutil python -m benchmarks.growth      # half an hour

Copies the project into a temporary folder for each row, leaves only so many languages or every
so-manieth message, trains there from nothing, and measures there. Writes results/growth.md and
growth.json. Training is counted in processor time, turns by the clock: `taskset -c 1` before it
gives it a core of its own.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml
from tqdm import tqdm

from benchmarks.timing import machine, write_result
from benchmarks.training_data import blocks, files
from bot.settings import PROJECT

NEEDED: Final = ("actions", "benchmarks", "bot", "data", "locales", "web_widget")
FILES: Final = ("config.yml", "domain.yml", "pyproject.toml", "uv.lock", "endpoints.yml")
ALWAYS: Final = ("en", "elsewhere")
ORDER: Final = (
    *("en", "es", "ar", "fa", "fr", "pt", "so", "zh_Hans"),
    *("ro", "tl", "th", "sq", "vi", "hi", "pl", "ti"),
)
RESIDENT: Final = """
import psutil
from bot.engine.embedded import EmbeddedEngine
from bot.settings import Settings
from bot.wording import load_wording
load_wording()
engine = EmbeddedEngine(Settings().model)
print(psutil.Process().memory_info().rss / 1e6)
engine.close()
"""


def only_languages(project: Path, count: int) -> None:
    """Leave the first languages of ORDER, of messages and of words."""
    kept = {*ORDER[:count], *ALWAYS}
    for folder in (project / "data" / "nlu", project / "locales"):
        for each in folder.iterdir():
            if each.is_dir() and each.name not in kept:
                shutil.rmtree(each)


def only_some(project: Path, every: int) -> None:
    """Leave every so-manieth message of each intent."""
    seen: Counter[str] = Counter()
    for file in files(project):
        left = []
        for block in blocks(file):
            kept = []
            for line in block["examples"].splitlines():
                if seen[block["intent"]] % every == 0:
                    kept.append(f"{line}\n")
                seen[block["intent"]] += 1
            if kept:
                left.append({**block, "examples": "".join(kept)})
        file.unlink()
        if left:
            text = yaml.safe_dump({"version": "3.1", "nlu": left}, allow_unicode=True)
            file.write_text(text, "utf-8")


ROWS: Final[dict[str, Callable[[Path], None]]] = {
    "1 language": lambda project: only_languages(project, 1),
    "4 languages": lambda project: only_languages(project, 4),
    "16 languages": lambda project: None,
    "16 languages, a tenth of the messages": lambda project: only_some(project, 10),
    "16 languages, a third of the messages": lambda project: only_some(project, 3),
}


def measure(prune: Callable[[Path], None]) -> dict[str, Any]:
    """Train and run a pruned copy."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name in NEEDED:
            ignored = shutil.ignore_patterns("__pycache__", "node_modules", "work", ".venv")
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, project / name, ignore=ignored)
        for name in FILES:
            if (PROJECT / name).is_file():
                shutil.copy(PROJECT / name, project / name)
        prune(project)
        before = _processor_s()
        _run(project, "from bot.cli import app; app(['train'])")
        trained = _processor_s() - before
        turns = json.loads(
            _run(project, "import sys; sys.argv[1:] = ['--json', '--rounds', '4']\n"
                 "from benchmarks.turns import main; main()")
        )  # fmt: skip
        return {
            "messages": sum(
                len(block["examples"].splitlines())
                for file in files(project)
                for block in blocks(file)
            ),
            "training_s": trained,
            "model_mb": (project / "models" / "waymark.tar.gz").stat().st_size / 1e6,
            "resident_mb": float(_run(project, RESIDENT)),
            "button_ms": turns["button"]["median_ms"],
            "typed_to_encoder": turns["typed"]["median_ms"] / turns["encoder"]["median_ms"],
        }


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(project: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Nothing was measured: {done.stderr[-800:]}")
    return done.stdout


def as_markdown(where: dict[str, Any], rows: dict[str, dict[str, Any]]) -> str:
    """The result as a table."""
    lines = [
        "# What languages and messages cost",
        "",
        f"{where['date']}; {where['processor']}, {where['cores']} cores; load before the start"
        f" {where['load_before']}. Made by `benchmarks/growth.py`.",
        "",
        "| | Messages | Training (processor s) | Model (MB) | Resident (MB) | Button turn (ms) | Typed turn : encoder |",
        "| :--- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {name} | {row['messages']} | {row['training_s']:.0f} | {row['model_mb']:.0f}"
        f" | {row['resident_mb']:.0f} | {row['button_ms']:.1f} | {row['typed_to_encoder']:.2f} |"
        for name, row in rows.items()
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, write, print."""
    where = machine()
    rows = {name: measure(prune) for name, prune in tqdm(ROWS.items(), unit="row")}
    write_result("growth", {"machine": where, "rows": rows}, as_markdown(where, rows))


if __name__ == "__main__":
    main()

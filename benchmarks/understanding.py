"""Measure understanding on the held-out messages and write benchmarks/results/understanding.*.

Run: uv run python -m benchmarks.understanding
"""

from __future__ import annotations

import datetime
import json
import platform
from pathlib import Path

from bot.evaluation import as_table, evaluate_files
from bot.i18n import load_catalogues
from bot.settings import PROJECT, Settings

MESSAGES = PROJECT / "tests" / "nlu"
RESULTS = Path(__file__).parent / "results"
FIRST_THREE = ("en", "es", "ar")
OTHERS = sorted(set(load_catalogues().languages) - set(FIRST_THREE))
SETS = {
    "thirteen": (
        [f"heldout/{code}.jsonl" for code in OTHERS],
        "The languages other than English, Spanish and Arabic: 220 messages each, half without a "
        "label, half of those written to mislead, by an author who had seen no training message. "
        "Their totals chose between two ways of keeping n-grams (DECISIONS.md 16) and led to a "
        "second round of training messages in ten languages; none of their messages was read.",
    ),
    "everyday": (
        [f"heldout/everyday_{code}.jsonl" for code in FIRST_THREE],
        "Ordinary talk in the proportions of daily life, and danger, an author a language who had "
        "seen no training message. Its first totals led to two rounds of training messages, by yet "
        "other authors; none of its messages was read. Only flags and false alarms count here: no "
        "signs were labelled.",
    ),
    "third": (
        [f"heldout/{code}.jsonl" for code in FIRST_THREE],
        "Written last, a language an author who had seen no training message; half of its "
        "messages without a label were written to mislead. Used for nothing but this table.",
    ),
    "second": (
        [f"heldout/final_{code}.jsonl" for code in FIRST_THREE],
        "Written before the recogniser of DECISIONS.md 14; used for nothing but this table since.",
    ),
    "development": (
        [f"development/{code}.jsonl" for code in FIRST_THREE],
        "Written first. Its mistakes were read and its totals steered choices, so they flatter.",
    ),
}


def main() -> None:
    """Measure every set."""
    model = Settings().model
    measured = {
        name: evaluate_files([MESSAGES / file for file in files], model)
        for name, (files, _) in SETS.items()
    }
    when = f"{datetime.date.today()}, {platform.machine()}, Python {platform.python_version()}"
    lines = ["# Understanding, measured", "", f"`python -m benchmarks.understanding`, {when}.", ""]
    for name, result in measured.items():
        lines += [f"## The {name} set", "", SETS[name][1], "", "```", as_table(result), "```", ""]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "understanding.json").write_text(json.dumps(measured, indent=1) + "\n")
    (RESULTS / "understanding.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()

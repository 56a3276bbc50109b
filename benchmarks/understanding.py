"""Measure understanding on the held-out messages and write benchmarks/results/understanding.*.

Run: uv run python -m benchmarks.understanding
"""

from __future__ import annotations

import datetime
import json
import platform
from pathlib import Path

from bot.evaluation import as_table, evaluate_files
from bot.settings import PROJECT, Settings

MESSAGES = PROJECT / "tests" / "nlu"
RESULTS = Path(__file__).parent / "results"
SETS = {
    "everyday": (
        "heldout/everyday_*.jsonl",
        "Ordinary talk in the proportions of daily life, and danger, an author a language who had "
        "seen no training message. Its first totals led to two rounds of training messages, by yet "
        "other authors; none of its messages was read. Only flags and false alarms count here: no "
        "signs were labelled.",
    ),
    "third": (
        "heldout/??.jsonl",
        "Written last, a language an author who had seen no training message; half of its "
        "messages without a label were written to mislead. Used for nothing but this table.",
    ),
    "second": (
        "heldout/final_*.jsonl",
        "Written before the recogniser of DECISIONS.md 14; used for nothing but this table since.",
    ),
    "development": (
        "development/*.jsonl",
        "Written first. Its mistakes were read and its totals steered choices, so they flatter.",
    ),
}


def main() -> None:
    """Measure every set."""
    model = Settings().model
    measured = {
        name: evaluate_files(sorted(MESSAGES.glob(pattern)), model)
        for name, (pattern, _) in SETS.items()
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

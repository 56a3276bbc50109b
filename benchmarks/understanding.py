"""Measure understanding on the held-out messages, and simpler ways beside it, in one run.

Run: uv run python -m benchmarks.understanding [--baselines]

Writes benchmarks/results/understanding.md and .json.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import baselines
from bot.evaluation import Evaluation, as_intervals, as_table, evaluate, labels_of
from bot.i18n import load_catalogues
from bot.recognition import open_recogniser
from bot.settings import PROJECT, Settings
from bot.text import clean, part_read

MESSAGES = PROJECT / "tests" / "nlu"
PUBLIC = Path(__file__).parent / "data" / "clinc150.txt"
RESULTS = Path(__file__).parent / "results"
FIRST_THREE = ("en", "es", "ar")
OTHERS = sorted(set(load_catalogues().languages) - set(FIRST_THREE))
ELSEWHERE = ("de", "tr", "uk", "bn")
SETS = {
    "sixteen": (
        [f"heldout/{code}.jsonl" for code in sorted((*FIRST_THREE, *OTHERS))],
        "220 to 240 messages a language, half without a label, half of those written to mislead, "
        "by authors who had seen no training message. The totals of thirteen of the languages "
        "chose between two ways of keeping n-grams (DECISIONS.md 16) and led to further rounds of "
        "training messages; none of the messages was read.",
    ),
    "everyday": (
        [f"heldout/everyday_{code}.jsonl" for code in FIRST_THREE],
        "Ordinary talk in the proportions of daily life, and danger, an author a language who had "
        "seen no training message. Its totals led to further rounds of training messages, by yet "
        "other authors; none of its messages was read. Only flags and false alarms count here: no "
        "signs were labelled.",
    ),
    "second": (
        [f"heldout/final_{code}.jsonl" for code in FIRST_THREE],
        "Written before the recogniser of DECISIONS.md 14; used for nothing but this table since.",
    ),
    "elsewhere": (
        [f"heldout/elsewhere_{code}.jsonl" for code in ELSEWHERE],
        "70 messages each in languages that are not spoken (DECISIONS.md 70): 45 with a label, ten "
        "of the others written to mislead, by an author who had seen no training message.",
    ),
    "development": (
        [f"development/{code}.jsonl" for code in sorted((*FIRST_THREE, *OTHERS))],
        "Its mistakes are read and its totals steer choices, so they flatter: those of English, "
        "Spanish and Arabic most, which were written first.",
    ),
}
COMPARED = (
    *("sensitivity", "specificity", "immediate_danger_recall", "immediate_danger_false_alarms"),
    *("self_harm_recall", "under_18_recall"),
)
Pairs = list[tuple[dict[str, Any], dict[str, Any]]]
Hear = Callable[[str, str], dict[str, Any]]


def read(name: str) -> list[dict[str, Any]]:
    """Gold messages of a set."""
    lines = [
        line
        for file in SETS[name][0]
        for line in (MESSAGES / file).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return [message for line in lines if "text" in (message := json.loads(line))]


def heard(gold: list[dict[str, Any]], hear: Hear) -> Pairs:
    """Each with what is heard."""
    return [(message, hear(message["text"], message["lang"])) for message in gold]


def public() -> list[dict[str, Any]]:
    """1,500 requests to an assistant; none of them is a concern."""
    nothing = {"flags": [], "signs": [], "types": [], "who": "none", "lang": "en"}
    return [{**nothing, "text": text} for text in PUBLIC.read_text("utf-8").splitlines()]


def compared(ways: dict[str, Hear], gold: list[dict[str, Any]]) -> str:
    """A row a way, all languages together."""
    rows = ["".ljust(24) + "".join(name.removeprefix("immediate_").rjust(22) for name in COMPARED)]
    for name, hear in ways.items():
        found = evaluate(heard(gold, hear)).measures["all"]
        rows.append(name.ljust(24) + "".join(f"{found[each]:.3f}".rjust(22) for each in COMPARED))
    return "\n".join(rows)


def main() -> None:
    """Measure every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baselines", action="store_true", help="simpler ways, too: ten minutes")
    with_baselines = parser.parse_args().baselines
    when = f"{datetime.date.today()}, {platform.machine()}, Python {platform.python_version()}"
    lines = ["# Understanding, measured", "", f"`python -m benchmarks.understanding`, {when}.", ""]
    measured: dict[str, Evaluation] = {}
    with open_recogniser(Settings().model) as recognise:
        ours: Hear = lambda text, language: recognise(text)  # noqa: E731
        for name, (_, note) in SETS.items():
            measured[name] = evaluate(heard(read(name), ours))
            table, ends = (f(measured[name].measures) for f in (as_table, as_intervals))
            lines += [f"## The {name} set", "", note, "", "```", table, "```", ""]
            lines += ["95% intervals, in hundredths:", "", "```", ends, "```", ""]
        lines += ["## Public requests", "", _public_lines(heard(public(), ours)), ""]
        figures = {name: found.measures for name, found in measured.items()}
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "understanding.json").write_text(json.dumps(figures, indent=1) + "\n")
        (RESULTS / "understanding.md").write_text("\n".join(lines))
        if with_baselines:
            beside = _beside(ours, when)
            (RESULTS / "baselines.md").write_text(beside)
            print(beside)
    print(f"Written: {RESULTS}")


def _public_lines(pairs: Pairs) -> str:
    wrong = [found for _, found in pairs if labels_of(found)]
    danger = sum("immediate_danger" in found["flags"] for found in wrong)
    return (
        f"Of {len(pairs)} everyday requests to an assistant, in English (CLINC150, Larson et al. "
        f"2019, CC BY 3.0): danger is heard in {danger} ({danger / len(pairs):.2%}), any concern "
        f"in {len(wrong)} ({len(wrong) / len(pairs):.2%})."
    )


def _beside(ours: Hear, when: str) -> str:
    """A file of its own: a run without them leaves it as it is."""
    development = [
        (part_read(clean(message["text"])), labels_of(message)) for message in read("development")
    ]
    started = time.monotonic()
    ways: dict[str, Hear] = {
        "Waymark": ours,
        "keywords": baselines.by_keywords(),
        "n-grams (stock Rasa)": baselines.by_ngrams(
            baselines.read_examples(PROJECT / "data" / "nlu")
        ),
        "nearest description": baselines.by_description(development),
    }
    note = (
        "The sixteen set, all languages together. Keywords: benchmarks/data/keywords.yml, a list a "
        "language. N-grams: Rasa's pipeline without networks (words and character n-grams counted, "
        "logistic regression) on the same training messages. Nearest description: the same "
        f"encoder, no examples. Learned in {time.monotonic() - started:.0f} s."
    )
    head = f"# Beside simpler ways\n\n`python -m benchmarks.understanding --baselines`, {when}."
    return f"{head}\n\n{note}\n\n```\n{compared(ways, read('sixteen'))}\n```\n"


if __name__ == "__main__":
    main()

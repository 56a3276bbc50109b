"""Compare what is heard with gold labels, per language and pooled.

Lines: {"id", "lang", "text", "intent", "who", "flags", "signs", "types"}, and "hard" where a
message without a label was written to mislead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from bot.nlu.labels import FLAGS, SIGNS, TYPES
from bot.recognition import open_recogniser

POOLED: Final = "all"
FIELDS: Final = frozenset({"lang", "text", "who", "flags", "signs", "types"})
Heard = dict[str, Any]


def evaluate_files(files: Iterable[Path], model: Path) -> dict[str, dict[str, Any]]:
    """Hear every line of the files and measure.

    Returns:
        Language (and 'all') -> measure -> value; shares are 0..1, None where nothing counts.

    Raises:
        ValueError: a line is not JSON or lacks a field.
    """
    gold = [_gold(line, file) for file in files for line in _lines(file)]
    with open_recogniser(model) as hear:
        heard = [hear(message["text"]) for message in gold]
    by_language: dict[str, list[tuple[Heard, Heard]]] = {}
    for wanted, found in zip(gold, heard):
        by_language.setdefault(wanted["lang"], []).append((wanted, found))
    result = {language: measure(pairs) for language, pairs in sorted(by_language.items())}
    result[POOLED] = measure([pair for pairs in by_language.values() for pair in pairs])
    return result


def _gold(line: str, file: Path) -> Heard:
    message = json.loads(line)
    missing = FIELDS.difference(message) if isinstance(message, dict) else FIELDS
    if missing:
        raise ValueError(f"{file}: a line lacks {', '.join(sorted(missing))}")
    gold: Heard = message
    return gold


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def labels_of(message: Heard) -> set[str]:
    """All labels of a message."""
    return {label for kind in ("flags", "signs", "types") for label in message[kind]}


def measure(pairs: Sequence[tuple[Heard, Heard]]) -> dict[str, Any]:
    """Measures of (gold, heard) pairs.

    `everyday_` ones leave out the messages marked hard. False alarms of a flag are counted over
    messages without a label, over-alarms over those with other labels.
    """
    concern = [(bool(labels_of(g)), bool(labels_of(h))) for g, h in pairs]
    result: dict[str, Any] = {
        "messages": len(pairs),
        "sensitivity": _share([h for g, h in concern if g]),
        "specificity": _share([not h for g, h in concern if not g]),
    }
    everyday = [(g, h) for g, h in pairs if not labels_of(g) and not g.get("hard")]
    result["everyday_specificity"] = _share([not labels_of(h) for _, h in everyday])
    for flag in FLAGS:
        result[f"{flag}_recall"] = _share(
            [flag in h["flags"] for g, h in pairs if flag in g["flags"]]
        )
        result[f"{flag}_false_alarms"] = _share(
            [flag in h["flags"] for g, h in pairs if not labels_of(g)]
        )
        result[f"everyday_{flag}_false_alarms"] = _share([flag in h["flags"] for _, h in everyday])
        result[f"{flag}_over_alarms"] = _share(
            [flag in h["flags"] for g, h in pairs if labels_of(g) and flag not in g["flags"]]
        )
    for kind, names in (("signs", SIGNS), ("types", TYPES)):
        counts = {name: _counts(pairs, kind, name) for name in names}
        result[f"{kind}_micro_f1"] = _f1(*map(sum, zip(*counts.values())))
        present = [_f1(*count) for count in counts.values() if count[0] + count[2]]
        result[f"{kind}_macro_f1"] = sum(present) / len(present) if present else None
    result["who_accuracy"] = _share([g["who"] == h["who"] for g, h in pairs if labels_of(g)])
    result["intent_accuracy"] = _share(
        [g["intent"] == h["intent"] for g, h in pairs if not labels_of(g) and "intent" in g]
    )
    return result


def _counts(pairs: Sequence[tuple[Heard, Heard]], kind: str, name: str) -> tuple[int, int, int]:
    right = sum(name in g[kind] and name in h[kind] for g, h in pairs)
    wrong = sum(name not in g[kind] and name in h[kind] for g, h in pairs)
    missed = sum(name in g[kind] and name not in h[kind] for g, h in pairs)
    return right, wrong, missed


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


def _share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def as_table(result: dict[str, dict[str, Any]]) -> str:
    """Measures as rows, languages as columns."""
    languages = list(result)
    width = max(len(name) for name in result[POOLED]) + 2
    lines = ["".ljust(width) + "".join(language.rjust(9) for language in languages)]
    for name in result[POOLED]:
        cells = (result[language][name] for language in languages)
        shown = ("-" if c is None else str(c) if isinstance(c, int) else f"{c:.3f}" for c in cells)
        lines.append(name.ljust(width) + "".join(cell.rjust(9) for cell in shown))
    return "\n".join(lines)

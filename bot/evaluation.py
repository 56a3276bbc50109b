"""Compare what is heard with gold labels, per language and pooled.

Lines: {"id", "lang", "text", "intent", "who", "flags", "signs", "types"}, and "hard" where a
message without a label was written to mislead. What is heard has the same keys, and "chance": how
likely any concern is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.nlu.labels import FLAGS, SIGNS, TYPES
from bot.recognition import open_recogniser

POOLED: Final = "all"
FIELDS: Final = frozenset({"lang", "text", "who", "flags", "signs", "types"})
RESAMPLES: Final = 1000
BINS: Final = 10
WORST: Final = 20
ENDS: Final = ("_low", "_high")
Heard = dict[str, Any]


@dataclass(frozen=True)
class Evaluation:
    """What was found.

    Attributes:
        measures: language (and 'all') -> measure -> value. Shares are 0..1, None where nothing
            counts; `<measure>_low` and `_high` are the ends of its 95% interval.
        mistakes: (gold, heard) of messages of which it was wrongly heard whether there is any
            concern, the surest first.
    """

    measures: dict[str, dict[str, Any]]
    mistakes: list[tuple[Heard, Heard]]


def evaluate_files(files: Iterable[Path], model: Path) -> Evaluation:
    """Hear every line of the files and measure.

    Raises:
        ValueError: a line is not JSON or lacks a field.
    """
    gold = [_gold(line, file) for file in files for line in _lines(file)]
    with open_recogniser(model) as hear:
        return evaluate([(message, hear(message["text"])) for message in gold])


def evaluate(pairs: Sequence[tuple[Heard, Heard]]) -> Evaluation:
    """Measure (gold, heard) pairs, by language and all together."""
    by_language: dict[str, list[tuple[Heard, Heard]]] = {}
    for wanted, found in pairs:
        by_language.setdefault(wanted["lang"], []).append((wanted, found))
    measures = {language: measure(some) for language, some in sorted(by_language.items())}
    wrong = [pair for pair in pairs if bool(labels_of(pair[0])) != bool(labels_of(pair[1]))]
    wrong.sort(key=lambda pair: abs(bool(labels_of(pair[0])) - pair[1]["chance"]), reverse=True)
    return Evaluation(measures | {POOLED: measure(pairs)}, wrong)


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
    """Measures of (gold, heard) pairs, each share and F1 with its interval.

    `everyday_` ones leave out the messages marked hard. False alarms of a flag are counted over
    messages without a label, over-alarms over those with other labels. `calibration_error`: how
    far the chance of any concern lies from how often there is one, on average.
    """
    concern = [(bool(labels_of(g)), bool(labels_of(h))) for g, h in pairs]
    everyday = [(g, h) for g, h in pairs if not labels_of(g) and not g.get("hard")]
    shares: dict[str, list[bool]] = {
        "sensitivity": [h for g, h in concern if g],
        "specificity": [not h for g, h in concern if not g],
        "everyday_specificity": [not labels_of(h) for _, h in everyday],
    }
    for flag in FLAGS:
        shares |= {
            f"{flag}_recall": [flag in h["flags"] for g, h in pairs if flag in g["flags"]],
            f"{flag}_false_alarms": [flag in h["flags"] for g, h in pairs if not labels_of(g)],
            f"everyday_{flag}_false_alarms": [flag in h["flags"] for _, h in everyday],
            f"{flag}_over_alarms": [
                flag in h["flags"] for g, h in pairs if labels_of(g) and flag not in g["flags"]
            ],
        }
    result: dict[str, Any] = {"messages": len(pairs)}
    for name, values in shares.items():
        result |= _with_interval(name, np.array(values, dtype=float)[:, None], _mean)
    for kind, names in (("signs", SIGNS), ("types", TYPES)):
        counts = np.array(
            [[_counts(g[kind], h[kind], name) for name in names] for g, h in pairs], dtype=float
        ).reshape(len(pairs), len(names), 3)
        result |= _with_interval(f"{kind}_micro_f1", counts, _micro_f1)
        result |= _with_interval(f"{kind}_macro_f1", counts, _macro_f1)
    for name, values in {
        "who_accuracy": [g["who"] == h["who"] for g, h in pairs if labels_of(g)],
        "intent_accuracy": [
            g["intent"] == h["intent"] for g, h in pairs if not labels_of(g) and "intent" in g
        ],
    }.items():
        result |= _with_interval(name, np.array(values, dtype=float)[:, None], _mean)
    result["calibration_error"] = _calibration_error(
        np.array([h["chance"] for _, h in pairs]), np.array([g for g, _ in concern], dtype=float)
    )
    return result


def _with_interval(
    name: str, rows: np.ndarray, statistic: Callable[[np.ndarray], float | None]
) -> dict[str, Any]:
    """A statistic of summed rows, and the middle 95% of it when messages are drawn anew.

    Args:
        rows: what each message adds, [n, ...].
        statistic: from the mean of the rows.
    """
    if not len(rows):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    draws = np.random.default_rng(0).multinomial(
        len(rows), np.full(len(rows), 1 / len(rows)), RESAMPLES
    )
    flat = rows.reshape(len(rows), -1)
    drawn = (draws @ flat / len(rows)).reshape(RESAMPLES, *rows.shape[1:])
    values = [value for each in drawn if (value := statistic(each)) is not None]
    low, high = np.percentile(values, [2.5, 97.5]) if values else (None, None)
    return {
        name: statistic(rows.mean(axis=0)),
        f"{name}_low": None if low is None else float(low),
        f"{name}_high": None if high is None else float(high),
    }


def _mean(mean: np.ndarray) -> float:
    return float(mean[0])


def _counts(wanted: list[str], found: list[str], name: str) -> tuple[bool, bool, bool]:
    """Rightly heard, wrongly heard, missed."""
    return (
        name in wanted and name in found,
        name not in wanted and name in found,
        name in wanted and name not in found,
    )


def _micro_f1(counts: np.ndarray) -> float | None:
    return _f1(*counts.sum(axis=0).tolist())


def _macro_f1(counts: np.ndarray) -> float | None:
    present = [_f1(*count) for count in counts.tolist() if count[0] + count[2]]
    return sum(present) / len(present) if present else None


def _f1(right: float, wrong: float, missed: float) -> float:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0


def _calibration_error(chances: np.ndarray, is_so: np.ndarray) -> float | None:
    if not len(chances):
        return None
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    apart = [
        abs(chances[bins == n].mean() - is_so[bins == n].mean()) * (bins == n).mean()
        for n in range(BINS)
        if (bins == n).any()
    ]
    return float(sum(apart))


def as_table(measures: dict[str, dict[str, Any]]) -> str:
    """Measures as rows, languages as columns; intervals only where a row has room: as_intervals."""
    rows = [name for name in measures[POOLED] if not name.endswith(ENDS)]
    return _table(measures, rows, lambda language, name: _shown(measures[language][name]))


def as_intervals(measures: dict[str, dict[str, Any]]) -> str:
    """The 95% intervals, in hundredths."""
    rows = [name for name in measures[POOLED] if f"{name}_low" in measures[POOLED]]

    def cell(language: str, name: str) -> str:
        ends = [measures[language][f"{name}{end}"] for end in ENDS]
        return "-" if None in ends else "-".join(f"{100 * end:.0f}" for end in ends)

    return _table(measures, rows, cell)


def as_list(mistakes: Sequence[tuple[Heard, Heard]]) -> str:
    """Mistakes a line each: how likely a concern was held to be, what was meant and heard."""
    lines = []
    for wanted, found in mistakes:
        meant, was_heard = ("+".join(sorted(labels_of(each))) or "-" for each in (wanted, found))
        chance = f"{found['chance']:.2f}"
        lines.append(f"{chance}  {wanted['lang']:8}{meant} / {was_heard}  {wanted['text']}")
    return "\n".join(lines)


def _table(
    measures: dict[str, dict[str, Any]], rows: list[str], cell: Callable[[str, str], str]
) -> str:
    width = max(map(len, rows)) + 2
    lines = ["".ljust(width) + "".join(language.rjust(9) for language in measures)]
    lines += [
        name.ljust(width) + "".join(cell(language, name).rjust(9) for language in measures)
        for name in rows
    ]
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"

"""Measure how the language of a typed message is told, beside langdetect, and write
benchmarks/results/languages.*.

Run: uv run python -m benchmarks.languages
"""

from __future__ import annotations

import datetime
import json
import platform
from collections import defaultdict
from pathlib import Path

from bot.engine import rasa_setup
from bot.nlu.language_model import LanguageModel, fit
from bot.settings import PROJECT
from bot.text import count_words

RESULTS = Path(__file__).parent / "results"
HELDOUT = PROJECT / "tests" / "nlu" / "heldout"
SURE = 0.95
AS_LANGDETECT = {"zh_Hans": "zh-cn"}
UNKNOWN_TO_LANGDETECT = {"ti"}
LENGTHS = {"1-3 words": range(1, 4), "4-5 words": range(4, 6), "6 words and more": range(6, 9999)}


def by_langdetect(text: str, codes: tuple[str, ...]) -> str | None:
    """langdetect's answer, limited to our languages."""
    from langdetect.lang_detect_exception import LangDetectException

    from bot.nlu.language_identifier import langdetect_factory

    detector = langdetect_factory(codes).create()
    detector.append(text)
    try:
        return str(detector.get_probabilities()[0].lang)
    except (LangDetectException, IndexError):
        return None


def measure(model: LanguageModel) -> dict[str, dict[str, dict[str, float]]]:
    """Shares of right answers by language and length of message."""
    ours = sorted(set(model.codes) - UNKNOWN_TO_LANGDETECT)
    codes = tuple(AS_LANGDETECT.get(code, code) for code in ours)
    found = defaultdict(list)
    for file in sorted(set(HELDOUT.glob("*.jsonl")) - set(HELDOUT.glob("elsewhere_*"))):
        for line in file.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            words = count_words(message["text"])
            length = next((name for name, span in LENGTHS.items() if words in span), None)
            if length is None:
                continue
            right, guess = message["lang"], model.identify(message["text"])
            found[right, length].append(
                {
                    "ours": guess.code == right,
                    "sure and wrong": guess.code != right and guess.confidence >= SURE,
                    "langdetect": by_langdetect(message["text"], codes)
                    == AS_LANGDETECT.get(right, right),
                }
            )
    result: dict[str, dict[str, dict[str, float]]] = {}
    for (language, length), answers in sorted(found.items()):
        shares = {name: sum(a[name] for a in answers) / len(answers) for name in answers[0]}
        result.setdefault(length, {})[language] = {"messages": len(answers), **shares}
    return result


def main() -> None:
    """Learn from all training messages, and measure on the held-out ones."""
    rasa_setup.prepare()
    from bot.nlu.language_identifier import read_examples

    measured = measure(fit(read_examples(PROJECT / "data" / "nlu")))
    when = f"{datetime.date.today()}, {platform.machine()}, Python {platform.python_version()}"
    lines = [
        *("# Which language is typed", "", f"`python -m benchmarks.languages`, {when}.", ""),
        "Held-out messages of all sets: share whose language is told, by our model and by",
        "langdetect limited to the same languages (it does not know Tigrinya).",
        "'Sure and wrong': wrong with a share of 0.95 or more, the ones that could mislead.",
    ]
    for length in LENGTHS:
        lines += ["", f"## {length}", ""]
        lines += ["| Language | Messages | Ours | Sure and wrong | langdetect |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {language} | {row['messages']} | {row['ours']:.3f} | {row['sure and wrong']:.3f} "
            f"| {row['langdetect']:.3f} |"
            for language, row in measured.get(length, {}).items()
        ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "languages.json").write_text(json.dumps(measured, indent=1) + "\n")
    (RESULTS / "languages.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

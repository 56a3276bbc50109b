"""Tell languages apart by their letters: naive Bayes on character n-grams of our own messages.

langdetect learned from Wikipedia, with accents and full words; people type without. Messages of
data/nlu/ are written as people type, so a model of them knows 'toi khong biet' and 'ana khayfa'
(DECISIONS.md 64 has the figures). A language that has a script of its own counts as two where it
is also typed in Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.nlu.scorer import DAMAGED, NotTrainedError
from bot.text import clean

BUCKETS: Final = 2**16
LENGTHS: Final = (1, 2, 3, 4)
AT_MOST: Final = 4000
"""Messages a language; more add nothing."""
AT_LEAST: Final = 20
"""Messages in Latin letters that make a second kind of a language in another script."""
OWN_SHARE: Final = 0.2
"""Share of a language's messages from which their script is its own, though more be in Latin
letters, as in Hindi; a few Chinese or Arabic words in a message make no script of a language."""
SMOOTHING: Final = 0.5
SHARPNESS: Final = 0.5
"""n-grams overlap, so each counts half: with it 0.95 is right in 99 of 100 messages."""
UNFAMILIAR: Final = -7.5
"""Mean log share of n-grams below which a text is in none of the languages, or in no language:
2 in 100 of ours fall below, 'asdf jkl' and most other languages do."""
LATIN: Final = "LATIN"

_LETTERS = r"(?:[^\W\d_]|[\u0900-\u0dff\u0e00-\u0eff])+"
_WORD = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*")
"""'i-am' in Romanian is one word, and not the English 'i am'."""


@dataclass(frozen=True)
class Guess:
    """The language of a text.

    Attributes:
        code: None when the text does not show it.
        confidence: 0..1.
        script: beginning of its letters' Unicode names; '' when no script has half of them.
        familiarity: mean log share of its n-grams, in the language where it is highest.
    """

    code: str | None
    confidence: float
    script: str
    familiarity: float = 0.0


@dataclass(frozen=True)
class LanguageModel:
    """Attributes:
    codes, scripts: what the columns stand for; a code may stand twice.
    log_shares: float16 [BUCKETS, n_columns].
    """

    codes: tuple[str, ...]
    scripts: tuple[str, ...]
    log_shares: np.ndarray

    def identify(self, text: str) -> Guess:
        """The likeliest language, with its share of all."""
        found, script = _buckets(text), script_of(text)
        if not len(found):
            return Guess(None, 0.0, script)
        total = self.log_shares[found].astype(np.float32).sum(axis=0)
        familiarity = float(total.max() / len(found))
        written_in = {code for code, own in zip(self.codes, self.scripts) if own == script}
        if len(written_in) == 1:
            return Guess(written_in.pop(), 1.0, script, familiarity)
        is_strange = script == LATIN and familiarity < UNFAMILIAR
        if is_strange or (script and script not in self.scripts):
            return Guess(None, 0.0, script, familiarity)
        shares = np.exp(SHARPNESS * (total - total.max()))
        shares /= shares.sum()
        by_code: Counter[str] = Counter()
        for code, share in zip(self.codes, shares.tolist()):
            by_code[code] += share
        code, confidence = by_code.most_common(1)[0]
        return Guess(code, float(confidence), script, familiarity)

    def own_script(self, code: str) -> str:
        """The script that a language is written in by most."""
        return self.scripts[self.codes.index(code)]

    def save(self, path: Path) -> None:
        """Write one compressed .npz file without pickled objects."""
        np.savez_compressed(
            path,
            codes=np.array(self.codes),
            scripts=np.array(self.scripts),
            log_shares=self.log_shares,
        )

    @classmethod
    def load(cls, path: Path) -> LanguageModel:
        """Read what `save` wrote.

        Raises:
            NotTrainedError: the file is missing, damaged or of the wrong shape.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                model = cls(
                    tuple(stored["codes"].tolist()),
                    tuple(stored["scripts"].tolist()),
                    stored["log_shares"],
                )
        except DAMAGED as error:
            raise NotTrainedError(
                f"{path.name} can't be read ({type(error).__name__}): train again with `make train`"
            ) from error
        shape = (BUCKETS, len(model.codes))
        if model.log_shares.shape != shape or len(model.scripts) != len(model.codes):
            raise NotTrainedError(f"{path.name} has the wrong shape: train again with `make train`")
        return model


def fit(messages: Mapping[str, Sequence[str]]) -> LanguageModel:
    """Learn from messages by language code."""
    codes, scripts, columns = [], [], []
    for code, texts in sorted(messages.items()):
        chosen = sorted(texts, key=lambda text: zlib.crc32(text.encode()))[:AT_MOST]
        by_script: dict[str, list[str]] = {LATIN: []}
        for text in chosen:
            by_script.setdefault(script_of(text), []).append(text)
        own = max(by_script, key=lambda script: (script not in ("", LATIN), len(by_script[script])))
        if len(by_script[own]) < OWN_SHARE * len(chosen):
            own = LATIN
        latin = by_script.get(LATIN, []) if own != LATIN else []
        if len(latin) < AT_LEAST:
            latin = []
        apart = set(latin)
        for script, kind in ((own, [t for t in chosen if t not in apart]), (LATIN, latin)):
            if kind:
                codes.append(code)
                scripts.append(script)
                columns.append(_log_shares(kind))
    return LanguageModel(tuple(codes), tuple(scripts), np.stack(columns, axis=1))


def script_of(text: str) -> str:
    """The script of more than half of a text's letters, else ''."""
    named = Counter(
        unicodedata.name(char, "").split(" ")[0].split("-")[0] for char in text if char.isalpha()
    )
    if not named:
        return ""
    script, count = named.most_common(1)[0]
    return script if count * 2 > named.total() else ""


def _buckets(text: str) -> np.ndarray:
    """Bucket of every n-gram of a text's words, int64, accents kept."""
    grams = []
    for word in _WORD.findall(clean(text).lower()):
        padded = f" {word} "
        for length in LENGTHS:
            grams += [padded[i : i + length] for i in range(max(1, len(padded) - length + 1))]
    return np.fromiter(
        (zlib.crc32(gram.encode()) % BUCKETS for gram in grams), dtype=np.int64, count=len(grams)
    )


def _log_shares(texts: Sequence[str]) -> np.ndarray:
    counts = np.zeros(BUCKETS)
    for text in texts:
        np.add.at(counts, _buckets(text), 1)
    shares = (counts + SMOOTHING) / (counts.sum() + SMOOTHING * BUCKETS)
    logs: np.ndarray = np.log(shares).astype(np.float16)
    return logs

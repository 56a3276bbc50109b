"""Clean what a person typed before anything reads it, and put it in a form for matching."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARS: Final = 1000
"""Characters of a message that the model reads (a 5,000-word message takes the encoder 10 s)."""

MAX_MESSAGE_CHARS: Final = 10_000
"""Characters of a message in which danger phrases are looked for."""

_HEAD: Final = 650
"""Characters read from the start of a long message; the rest of MAX_CHARS from its end, where
people say what matters."""

MAX_SENTENCES: Final = 12
"""Sentences that are read one by one, beside the message as a whole."""

_ZERO_WIDTH = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
        *(*range(0x2060, 0x206A), *range(0xE0000, 0xE0080)),
    ]
)
_SENTENCE_END = re.compile(r"(?<=[.!?؟。！？।,،;؛])\s+|[\n\r]+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ARABIC_FOLD = str.maketrans("أإآٱةىؤئکیگ", "ااااهيويكيك", "ـ")
_SPACES = re.compile(r"\s+")
_REPEATS = re.compile(r"(.)\1{3,}", re.DOTALL)


def clean(text: str) -> str:
    """Make typed text safe to read.

    Lone surrogates, control characters and direction overrides are dropped, stacked
    combining marks and long repeats are cut, white space is folded, a leading slash
    (Rasa's mark for a button) is removed, and only the first MAX_MESSAGE_CHARS are kept.
    """
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = _SPACES.sub(_fold_spaces, text)[: 2 * MAX_MESSAGE_CHARS]
    text = unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH)
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category == "Cc" and char not in "\n\t":
            char = " "
        marks = marks + 1 if category == "Mn" else 0
        if marks <= 2:
            kept.append(char)
    text = _REPEATS.sub(lambda match: match.group(1) * 3, "".join(kept))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    joined = "\n".join(line for line in lines if line).lstrip("/ \n")
    return joined[:MAX_MESSAGE_CHARS].strip()


def part_read(text: str) -> str:
    """What the model reads of a cleaned message: all of it, or its start and its end."""
    if len(text) <= MAX_CHARS:
        return text
    head, tail = text[:_HEAD], text[-(MAX_CHARS - _HEAD - 1) :]
    return f"{head.rsplit(maxsplit=1)[0]}\n{tail.split(maxsplit=1)[-1]}"


def _fold_spaces(run: re.Match[str]) -> str:
    return "\n" if "\n" in run.group() or "\r" in run.group() else " "


def has_words(text: str) -> bool:
    """Whether there is anything but digits, signs and pictures."""
    return any(char.isalpha() for char in text)


def is_cut(text: str) -> bool:
    """Whether `clean` would leave the end of this text unread."""
    return len(clean(text)) > MAX_CHARS


def sentences(text: str) -> list[str]:
    """Split cleaned text into at most MAX_SENTENCES sentences or clauses of three words or more.

    Returns an empty list when the text is a single sentence: the whole is read anyway.
    """
    parts = [part for part in _SENTENCE_END.split(text) if part and len(part.split()) >= 3]
    if len(parts) < 2 and len(text.split()) > 40:  # chat is often written without full stops
        words = text.split()
        parts = [" ".join(words[start : start + 20]) for start in range(0, len(words), 15)]
    if len(parts) > MAX_SENTENCES:  # what matters stands at the start or, oftener, at the end
        half = MAX_SENTENCES // 2
        parts = parts[:half] + parts[-half:]
    return parts if len(parts) > 1 else []


def western_digits(text: str) -> str:
    """Digits of any script as 0-9."""
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.digit(char, None) is not None else char
        for char in text
    )


def normal_form(text: str) -> str:
    """Fold text for phrase matching: lower case, no accents, no punctuation, single spaces.

    Apostrophes join ("don't" -> "dont"); Arabic letter variants and diacritics are folded.
    """
    text = text.casefold().replace("'", "").replace("’", "").replace("`", "")
    text = text.translate(_ARABIC_FOLD)
    text = "".join(
        char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) != "Mn"
    )
    return " ".join(_WORD.findall(text))

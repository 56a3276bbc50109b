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
_SENTENCE_END = re.compile(r"(?<=[.!?؟।።፣፡,،;؛])\s+|(?<=[。！？，；])|[\n\r]+")
_HAN_AND_KANA: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_THAI_AND_OTHERS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
UNSPACED: Final = re.compile(f"[{_HAN_AND_KANA}{_THAI_AND_OTHERS}]")
"""A letter of a script that puts no space between words: Chinese, Japanese, Thai, Lao, Burmese,
Khmer."""
_WORD = re.compile(
    f"[{_HAN_AND_KANA}]{{1,2}}|[{_THAI_AND_OTHERS}]{{1,5}}|[^\\s{_HAN_AND_KANA}{_THAI_AND_OTHERS}]+"
)
"""What counts as a word: up to a space, or about as many letters as words have without one."""
_FOLD = str.maketrans("أإآٱةىؤئکیگđłøı", "ااااهيويكيكdloi", "ـ'’‘ʼ`") | _ZERO_WIDTH
SIGNED_SCRIPTS: Final = "\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_VOWEL_SIGNS = re.compile(f"[{SIGNED_SCRIPTS}]")
"""Marks of the Indian scripts, Thai, Lao, Burmese and Khmer: letters there, not accents."""
_NUKTA: Final = 7
"""Canonical combining class of the dot that many leave out in Hindi."""
_ASCII_WORD = re.compile(r"[a-z0-9]+")
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
    parts = [part for part in _SENTENCE_END.split(text) if count_words(part) >= 3]
    if len(parts) < 2 and count_words(text) > 40:  # chat is often written without full stops
        starts = [word.start() for word in _WORD.finditer(text)]
        ends = [*starts[20::15], len(text)]
        parts = [text[start:end].strip() for start, end in zip(starts[::15], ends)]
    if len(parts) > MAX_SENTENCES:  # what matters stands at the start or, oftener, at the end
        half = MAX_SENTENCES // 2
        parts = parts[:half] + parts[-half:]
    return parts if len(parts) > 1 else []


def count_words(text: str) -> int:
    """How many words; in a script without spaces between them, about how many."""
    return sum(1 for _ in _WORD.finditer(text))


def western_digits(text: str) -> str:
    """Digits of any script as 0-9."""
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.digit(char, None) is not None else char
        for char in text
    )


def normal_form(text: str) -> str:
    """Fold text for phrase matching: lower case, no accents, no punctuation, single spaces.

    Apostrophes join ("don't" -> "dont"); variants of Arabic letters are one, as are letters with
    and without a stroke ('đ', 'ł').
    """
    text = text.casefold().translate(_FOLD)
    if text.isascii():
        return " ".join(_ASCII_WORD.findall(text))
    kept = []
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.category(char).startswith("M"):
            if _VOWEL_SIGNS.match(char) and unicodedata.combining(char) != _NUKTA:
                kept.append(char)
        else:
            kept.append(char if char.isalnum() else " ")
    return " ".join("".join(kept).split())

"""bot/answers.py: short words as answers, number words and ages, from data/answers."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.answers import (
    FOLDER,
    KINDS,
    AnswersError,
    Clock,
    kind_of,
    languages_of,
    own_age,
    read,
    with_digits,
)
from bot.i18n import load_catalogues

ALL = ("en", "es", "ar")


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
def test_every_language_has_its_words(language: str) -> None:
    words = read(FOLDER / f"{language}.yml")

    assert set(words.kinds.values()) == set(KINDS)
    counted = " ".join((*words.numbers.values(), *words.joined.values())).split()
    assert set(map(str, range(2, 13))) <= set(counted)
    assert all(getattr(words.clock, part.name) for part in fields(Clock))
    assert words.but
    assert words.hours
    assert words.own_age


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("yes", "yes"), ("No, never", "no"), ("not really", "hardly"), ("only a bit", "partly")),
        *(
            ("sometimes", "partly"),
            ("depends", "unsure"),
            ("never", "never"),
            ("it is safe", "safe"),
        ),
        *(("nobody", "nobody"), ("yes but he keeps half", "partly"), ("no but he did", "no")),
        *(
            ("que va", "no"),
            ("a veces", "partly"),
            ("sí, pero poco", "partly"),
            ("a nadie", "nobody"),
        ),
        *(("نعم لكن يأخذ نصفه", "partly"), ("أحيانا", "partly"), ("لا أحد", "nobody")),
        *(("مش كتير", "hardly"), ("estoy sola", "alone"), ("حسب", "unsure")),
    ],
)
def test_what_short_words_say(text: str, kind: str) -> None:
    assert kind_of(text, ALL) == kind


@pytest.mark.parametrize(
    "text", ["", "i am back", "no problem with that", "yesterday", "what?", "i can see him", "12"]
)
def test_other_words_say_nothing(text: str) -> None:
    assert kind_of(text, ALL) is None


@pytest.mark.parametrize(
    ("text", "age"),
    [
        *(("I'm 15", 15), ("i am fifteen years old", 15), ("tengo quince años", 15)),
        *(("عمري ١٥ سنة", 15), ("i am 34", 34), ("im 15 and scared", 15)),
        *(("im 15 minutes late", None), ("tengo 2 hijos", None), ("she is 15", None)),
    ],
)
def test_one_s_own_age(text: str, age: int | None) -> None:
    assert own_age(text, ALL) == age


def test_number_words_are_those_of_the_language() -> None:
    """Spanish 'once' is eleven, English 'once' is no number."""
    assert with_digits("once horas", ["es"]) == "11 horas"
    assert with_digits("once a week", ["en"]) == "once a week"


def test_the_typed_language_comes_before_the_chosen_one() -> None:
    assert languages_of("ar", "es") == ("es", "ar", "en")
    assert languages_of(None, None) == ("en",)


@pytest.mark.parametrize("content", ["kinds: {perhaps: [x]}", "[]", "kinds: {'yes': ["])
def test_a_broken_file_raises(tmp_path: Path, content: str) -> None:
    file = tmp_path / "xx.yml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(AnswersError, match=r"xx\.yml"):
        read(file)

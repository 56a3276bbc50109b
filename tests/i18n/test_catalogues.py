"""Every catalogue says all that English says, in its own script, with the same numbers."""

from __future__ import annotations

import pytest
from catalogue_entries import LANGUAGES

from bot.catalogues.checks import (
    CHECKS,
    LONG_BUTTONS,
    MAX_BUTTON_CHARS,
    Entry,
    buttons,
    faults,
    has_ruled_out_term,
    long_numbers,
)
from bot.i18n import LOCALES

Catalogues = dict[str, list[Entry]]


def test_there_are_catalogues() -> None:
    assert LANGUAGES, "no catalogue was found: nothing below would test anything"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_no_faults(
    catalogues: Catalogues, template: list[Entry], language: str
) -> None:
    assert faults(language, catalogues[language], [entry.key for entry in template]) == []


GOOD = Entry("utter_x", "Call {number} now.", "Llama ahora al {number}.", is_fuzzy=False)
BUTTON = ("utter_doors", "Just the numbers")
BAD = {
    "nothing is said": Entry(*GOOD.key, " ", is_fuzzy=False),
    "placeholders differ from the English": Entry(*GOOD.key, "Llama ahora.", is_fuzzy=False),
    "a brace stands alone": Entry(*GOOD.key, "Llama ahora al {number}}.", is_fuzzy=False),
    "lines differ from the English": Entry(*GOOD.key, "Llama\nal {number}.", is_fuzzy=False),
    "too long for a button": Entry(*BUTTON, "Solo los números " * 3, is_fuzzy=False),
    "in another script": Entry(*GOOD.key, "اتصل {number}", is_fuzzy=False),
    "a long number is typed": Entry(*GOOD.key, "{number} o 0800 123", is_fuzzy=False),
    "a term that is ruled out": Entry(*GOOD.key, "Eres víctima. {number}", is_fuzzy=False),
}


@pytest.mark.parametrize("what", CHECKS)
def test_every_check_can_fail(what: str) -> None:
    assert CHECKS[what]("es", BAD[what])
    assert not CHECKS[what]("es", GOOD)


def test_what_is_missing_or_unknown_is_named() -> None:
    assert faults("es", [GOOD], [("utter_y", "Hello.")]) == [
        "missing: utter_y: Hello.",
        "unknown: utter_x: Call {number} now.",
    ]


def test_a_term_is_found_inside_text_without_spaces() -> None:
    assert has_ruled_out_term("zh_Hans", Entry("utter_x", "x", "你是受害者吗", is_fuzzy=False))


def test_english_buttons_are_short() -> None:
    assert [
        (name, title)
        for name, title in sorted(buttons())
        if len(title) > LONG_BUTTONS.get(name, MAX_BUTTON_CHARS)
    ] == []


def test_no_phone_number_is_typed_in_english(english: list[Entry]) -> None:
    assert [
        entry.key for entry in english if long_numbers(entry.english) and not entry.is_name
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_its_register(language: str) -> None:
    """How to address people, which words to keep, who has read it."""
    assert (LOCALES / language / "REGISTER.md").is_file()

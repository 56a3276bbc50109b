"""Each translation lies nearer to its own English than to any other (bot/catalogues/nearness.py).

It asks the sentence encoder 4,000 times: a minute or two.
"""

from __future__ import annotations

import pytest
from catalogue_entries import LANGUAGES

from bot.catalogues.checks import Entry
from bot.catalogues.nearness import place

READ = {
    ("ar", "utter_local_contact_adult"): "English that says nearly the same: adults who need care",
    ("es", "utter_ack_unsure"): "says 'no pasa nada', an idiom",
    ("fa", "utter_simple_consent"): "English that says nearly the same: the question in full",
    ("pl", "utter_why_understood"): "ends as English about deciding does",
    ("ro", "utter_simple_consent"): "a question of a few common words",
    ("so", "utter_how_hours"): "Somali: the encoder hardly knows it",
    ("so", "utter_how_is_paid"): "Somali: the encoder hardly knows it",
    ("so", "utter_label_no_bank_access"): "Somali: the encoder hardly knows it",
    ("so", "utter_label_organ_harvesting"): "Somali: the encoder hardly knows it",
    ("so", "utter_simple_consent"): "Somali: the encoder hardly knows it",
    ("so", "widget.page_worker_intro"): "Somali: the encoder hardly knows it",
    ("sq", "widget.exit_note"): "English that says nearly the same: how to delete the page",
    ("th", "utter_help_first"): "English that says nearly the same: both numbers",
    ("th", "utter_simple_consent"): "English that says nearly the same: the question in full",
    ("ti", "utter_ack_unsure"): "Tigrinya: the encoder hardly knows it",
    ("ti", "utter_ask_self_form_bank_access"): "English that says nearly the same: said simply",
    ("ti", "utter_ask_worker_form_person_age"): "English that says nearly the same: said simply",
    ("vi", "utter_ack_unsure"): "says 'không sao', an idiom",
}
"""Translations that lie nearer to other English, read again and found right, with the reason."""

FLOOR = -0.25
"""Of the margin, for those too: below what was measured for any translation that was read."""

ROUNDING = 0.02
"""So far from zero a margin says something: the encoder's sums differ from one processor to
another."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_is_nearest_to_its_own_english(
    catalogues: dict[str, list[Entry]], language: str
) -> None:
    placed = place(catalogues[language])
    read = {context for code, context in READ if code == language}

    def below(margin: float) -> set[str]:
        return {each.entry.context for each in placed if each.margin < margin}

    worst = "\n".join(f"{e.margin:.2f} {e.entry.context}: {e.entry.text}" for e in placed[:10])
    assert below(-ROUNDING) <= read, worst
    assert read <= below(ROUNDING), worst
    assert placed[0].margin > FLOOR, worst
    assert len(placed) > 200


def test_what_stands_in_the_wrong_place_is_found(catalogues: dict[str, list[Entry]]) -> None:
    entries = [e for e in catalogues["es"] if not e.context.startswith("service.")][:80]
    first, second = [n for n, e in enumerate(entries) if len(e.english.split()) > 12][:2]
    one, other = entries[first], entries[second]
    entries[first] = Entry(*one.key, other.text, is_fuzzy=False)
    entries[second] = Entry(*other.key, one.text, is_fuzzy=False)

    far = [each.entry.context for each in place(entries) if each.margin < 0]

    assert {one.context, other.context} <= set(far)

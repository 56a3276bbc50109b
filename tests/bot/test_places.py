"""bot/places.py: a typed place is found in any spelling, asked about when unclear, never guessed."""

from __future__ import annotations

import pytest

from bot.directory import Directory, load_directory
from bot.places import OUTSIDE, WHOLE


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


@pytest.mark.parametrize(
    "typed", ["", "   ", "😭", "asdfgh qwerty", "x", "!!!", "123456789", "q" * 1000]
)
def test_nonsense_is_no_place(directory: Directory, typed: str) -> None:
    assert directory.candidates(typed) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Southwark", ["southwark"]),
        ("i live in SOUTHWARK, london", ["southwark"]),
        ("Barking & Dagenham", ["barking-and-dagenham"]),
        ("Dagnam", ["barking-and-dagenham"]),
        ("Golders Green", ["barnet"]),
        ("southwrak", ["southwark"]),
        ("Camdn", ["camden"]),
        ("Kilburn", ["brent", "camden"]),
        ("Kilburn in Camden", ["camden"]),
        ("Hackney or Islington", ["hackney", "islington"]),
        ("Hayes", ["bromley", "hillingdon"]),
        ("South Kensington", ["kensington-and-chelsea"]),
        ("vivo en Elefante y Castillo", ["southwark"]),
        ("هاكني", ["hackney"]),
        ("أنا أسكن في بريكستون", ["lambeth"]),
        ("بهاكني", ["hackney"]),
        ("وستمنستر", ["westminster"]),
    ],
)
def test_a_place_by_name_alias_or_typo(directory: Directory, typed: str, found: list[str]) -> None:
    assert directory.candidates(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("E1", ["tower-hamlets"]),
        ("se1", ["lambeth", "southwark"]),
        ("my postcode is N1", ["camden", "hackney", "islington"]),
        ("SE1 7PB", ["lambeth", "southwark"]),
        ("SW1A", ["westminster"]),
        ("EC1V", ["city-of-london", "islington"]),
        ("se1 7", ["lambeth", "southwark"]),
        ("SE 1", ["lambeth", "southwark"]),
        ("SE1 7PB, Southwark", ["southwark"]),
    ],
)
def test_a_place_by_the_first_half_of_a_postcode(
    directory: Directory, typed: str, found: list[str]
) -> None:
    assert directory.candidates(typed) == found


@pytest.mark.parametrize(
    ("together", "apart"),
    [("SE17PB", "SE1 7PB"), ("n17aa", "n1 7aa"), ("E16AN", "E1 6AN"), ("SW1A1AA", "SW1A 1AA")],
)
def test_a_whole_postcode_typed_together_is_the_same_place(
    directory: Directory, together: str, apart: str
) -> None:
    """SE17PB lies in SE1, not in SE17: the wrong council would be shown."""
    assert directory.candidates(together) == directory.candidates(apart)


@pytest.mark.parametrize(
    "typed",
    [
        *("M1", "b12", "LS6", "EH1", "my postcode is M14 5AB", "Birmingham B1 1AA"),
        *("Manchester", "estoy en Mánchester", "مانشستر", "I am not in London", "fuera de Londres"),
        *("لست في لندن", "no vivo en Londres"),
    ],
)
def test_a_place_outside_london(directory: Directory, typed: str) -> None:
    assert directory.candidates(typed) == [OUTSIDE]


def test_every_place_is_found_by_its_own_name(directory: Directory) -> None:
    missed = [
        place.id
        for place in directory.places.values()
        if place.id not in directory.candidates(place.name)
    ]

    assert missed == []


@pytest.mark.parametrize("typed", ["London", "vivo en Londres", "أنا في لندن"])
def test_london_is_too_large(directory: Directory, typed: str) -> None:
    assert directory.candidates(typed) == [WHOLE]


@pytest.mark.parametrize("typed", ["EC2", "SW9 8HB", "N18", "RM10"])
def test_a_london_postcode_that_the_list_lacks_is_not_outside(
    directory: Directory, typed: str
) -> None:
    """The list of first halves is incomplete: Brixton's SW9 is not on it."""
    assert directory.candidates(typed) == []


@pytest.mark.parametrize(
    "typed", ["I don't know the borough", "I live in the city", "I work 17 hours", "no sé"]
)
def test_everyday_words_are_no_place(directory: Directory, typed: str) -> None:
    assert directory.candidates(typed) == []


def test_without_guessing_a_typo_is_no_place(directory: Directory) -> None:
    names = directory.place_names

    assert names.exact("Camden") == ["camden"]
    assert names.exact("Camdxn x") == []


@pytest.mark.parametrize("typed", ["Hackney", "SE15", "br2", "SE1 7PB", "E8", "هاكني"])
def test_a_place_and_nothing_else(directory: Directory, typed: str) -> None:
    assert directory.place_names.is_place(typed)


@pytest.mark.parametrize(
    "typed", ["", "gr8", "b4", "12", "I am in Hackney and afraid", "barking mad", "A1B2C3", "ok"]
)
def test_more_or_less_than_a_place(directory: Directory, typed: str) -> None:
    assert not directory.place_names.is_place(typed)


# --- the nearest, to be offered ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Hackny", "hackney"),
        ("Tower Hamlts", "tower-hamlets"),
        ("Lewishem", "lewisham"),
        ("Camdne", "camden"),
        ("camdne london", "camden"),
        ("brixtn hill", "lambeth"),
        ("i live near the tower hamlts i think", "tower-hamlets"),
        ("kensingtn", "kensington-and-chelsea"),
        ("هكني", "hackney"),
    ],
)
def test_the_nearest_places_to_a_typo(directory: Directory, typed: str, first: str) -> None:
    found = directory.place_names.nearest(typed)

    assert found[0] == first
    assert len(found) == len(set(found)) == 3


@pytest.mark.parametrize(
    "typed",
    ["Хакни", "ХАКНИ!", "გრინვიჩი", "ハックニー", "x", "of", "Lonodn", "q" * 1000, "w " * 999],
)
def test_something_is_offered_for_any_letters(directory: Directory, typed: str) -> None:
    """In a script that no name is written in, too; never 'outside' or the whole of London."""
    found = directory.place_names.nearest(typed)

    assert len(set(found)) == 3
    assert set(found) <= set(directory.places)


@pytest.mark.parametrize("typed", ["", "  ", "123", "!?", "😭", "020 7946"])
def test_nothing_is_offered_where_there_are_no_letters(directory: Directory, typed: str) -> None:
    assert directory.place_names.nearest(typed) == []


def test_as_many_are_offered_as_are_asked_for_and_there_are(directory: Directory) -> None:
    names = directory.place_names

    assert names.nearest("Hackny", 1) == ["hackney"]
    assert names.nearest("Hackny", 5)[:3] == names.nearest("Hackny")
    assert sorted(names.nearest("Hackny", 99)) == sorted(directory.places)


def test_a_name_of_two_places_offers_both_in_the_same_order(directory: Directory) -> None:
    assert directory.place_names.nearest("Kilburm", 2) == ["brent", "camden"]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ฉันอยู่แฮกนีย์ตอนนี้", "hackney"),
        ("我住在哈克尼", "hackney"),
        ("मैं लैम्बेथ में रहती हूँ", "lambeth"),
        ("من در لمبث زندگی می‌کنم", "lambeth"),
        ("ኣብ ላምበዝ እየ ዝነብር", "lambeth"),
    ],
)
def test_a_name_in_a_sentence_of_any_script(typed: str, place: str) -> None:
    """Chinese and Thai have no space around it."""
    assert load_directory().candidates(typed) == [place]


@pytest.mark.parametrize("typed", ["我在伦敦", "ฉันอยู่ลอนดอน", "ለንደን", "लंदन"])
def test_london_as_a_whole_in_any_script(typed: str) -> None:
    assert load_directory().candidates(typed) == [WHOLE]


@pytest.mark.parametrize("typed", ["我住在谢菲尔德", "ब्रिस्टल", "น็อตติงแฮม", "ناتینگهام"])
def test_other_cities_in_any_script(typed: str) -> None:
    assert load_directory().candidates(typed) == [OUTSIDE]

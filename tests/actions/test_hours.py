"""actions/hours.py and actions/ages.py: numbers in short answers."""

from __future__ import annotations

import pytest

from actions.ages import age_value, child_value
from actions.hours import hours_a_day, hours_value

ALL = ("en", "es", "ar")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", None),
        ("a lot", None),
        ("200", None),
        ("2026", None),
        ("25", None),
        ("0", 0),
        ("14", 14),
        ("about 14 hours", 14),
        ("24", 24),
        ("٧", 7),
        ("١٢ ساعة", 12),
        ("12-14", 14),
        ("9 to 5", 8),
        ("from 7 to 7", 12),
        ("de 8 a 6", 10),
        ("من ٨ الى ٦", 10),
    ],
)
def test_hours_a_day(text: str, hours: int | None) -> None:
    assert hours_a_day(text, ALL) == hours


@pytest.mark.parametrize("text", ["from 6 to 10", "de 7 a 9"])
def test_bare_clock_times_may_mean_two_things(text: str) -> None:
    """From six in the morning to ten at night is sixteen hours, to ten in the morning four."""
    assert hours_a_day(text, ALL) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("6am to 10pm", 16),
        ("from 6 in the morning to 10 at night", 16),
        ("9:00 to 17:00", 8),
        ("22 to 6", 8),
        ("10pm to 6am", 8),
    ],
)
def test_clock_times_that_say_which_half_of_the_day(text: str, hours: int) -> None:
    assert hours_a_day(text, ALL) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("14 hours a day, 7 days a week", 14),
        ("12 horas al día, 6 días", 12),
        ("12 ساعة كل يوم 7 ايام", 12),
        ("10 h a day 6 days", 10),
    ],
)
def test_days_a_week_are_no_closing_time(text: str, hours: int) -> None:
    """Fourteen hours on seven days must not become a short day."""
    assert hours_a_day(text, ALL) == hours


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("0", "none"),
        ("8", "up_to_8"),
        ("9", "9_to_12"),
        ("12", "9_to_12"),
        ("13", "over_12"),
    ],
)
def test_hours_value(text: str, value: str | None) -> None:
    assert hours_value(text) == value


@pytest.mark.parametrize(
    ("text", "language", "hours"),
    [
        ("twelve", "en", 12),
        ("from six in the morning to ten at night", "en", 16),
        ("no one", "en", None),
        ("doce horas", "es", 12),
        ("de seis de la mañana a diez de la noche", "es", 16),
        ("عشر ساعات", "ar", 10),
        ("اثنا عشر ساعة", "ar", 12),
        ("من ستة لعشرة", "ar", None),
    ],
)
def test_hours_in_words(text: str, language: str, hours: int | None) -> None:
    assert hours_a_day(text, [language, "en"]) == hours


@pytest.mark.parametrize(
    ("text", "age", "child"),
    [
        ("15", "child", "yes"),
        ("she is 16 years old", "child", "yes"),
        ("about 30", "adult", "no"),
        ("2", None, None),
        ("in 6 of the flats on that road", None, None),
    ],
)
def test_an_age_answers_the_questions_about_age(
    text: str, age: str | None, child: str | None
) -> None:
    assert (age_value(text, ["en"]), child_value(text, ["en"])) == (age, child)


@pytest.mark.parametrize(
    ("text", "language", "hours"),
    [
        ("الساعة 6 صباحا الى الساعة 10 مساء", "ar", 16),
        ("7h sáng đến 10h tối", "vi", 15),
        ("tu 6h sang toi 10 gio toi", "vi", 16),
        ("de la ora 6 dimineata pana la ora 10 seara", "ro", 16),
        ("od 6 rano do 22 wieczorem", "pl", 16),
        ("6h à 22h", "fr", 16),
        ("早上六点到晚上十点", "zh_Hans", 16),
        ("laga bilaabo 7 subaxnimo ilaa 8 habeenimo", "so", 13),
        ("ካብ ሰዓት 8፡00 ንግሆ ክሳብ 6 ምሸት", "ti", 10),
        ("सुबह छह बजे से रात ग्यारह बजे तक", "hi", 17),
        ("nga ora 7 e mengjesit deri ne oren 9 te darkes", "sq", 14),
    ],
)
def test_clock_times_in_each_language_s_words(text: str, language: str, hours: int) -> None:
    assert hours_a_day(text, [language, "en"]) == hours

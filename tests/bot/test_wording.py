"""bot/wording.py: responses become words, numbers and links."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from bot.directory import DirectoryError, Service
from bot.open_hours import OpenHours
from bot.replies import Choice
from bot.wording import EMERGENCY, SEVEN, Wording, WordingError

ISOLATE, POP = "\u2066", "\u2069"


def service(**changes: object) -> Service:
    """An invented service."""
    base = Service(
        id="test-line",
        name="Test line",
        description="Listens.",
        audience=frozenset({"self"}),
        needs=frozenset({"labour"}),
        first_for=frozenset(),
        ages="any",
        area="uk",
        phone="020 7946 0000",
        option=None,
        can_dial=True,
        sms_number=None,
        sms_word=None,
        web="https://line.example/page",
        hours="unknown",
        rank=1,
        source="https://source.example/page",
        source_name="source.example",
        checked=datetime.date(2026, 11, 21),
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


WEEKEND = OpenHours(("sat", "sun"), "00:00", "23:59")
MONDAY_MORNING = datetime.datetime(2026, 11, 23, 10, 0)
OPEN = "Open now. It may be closed on a bank holiday."


@pytest.fixture
def with_service(wording: Wording):  # type: ignore[no-untyped-def]
    """Wording whose directory also has an invented service."""

    def make(**changes: object) -> Wording:
        made = service(**changes)
        directory = dataclasses.replace(
            wording.directory, services={**wording.directory.services, made.id: made}
        )
        return dataclasses.replace(wording, directory=directory)

    return make


def test_a_missing_response_raises(wording: Wording) -> None:
    with pytest.raises(WordingError, match="utter_nowhere"):
        wording.text("en", "utter_nowhere")


def test_a_missing_placeholder_raises(wording: Wording) -> None:
    with pytest.raises(WordingError, match=r"utter_card.*lines"):
        wording.text("en", "utter_card")


def test_an_unknown_service_raises(wording: Wording) -> None:
    with pytest.raises(DirectoryError):
        wording.links("en", "no-such-line")


def test_an_unknown_language_is_served_english(wording: Wording) -> None:
    assert wording.text("qq", "utter_praise_bot") == wording.text("en", "utter_praise_bot")


def test_a_value_is_never_read_as_a_placeholder(wording: Wording) -> None:
    assert (
        wording.text("en", "utter_card_place", place="{emergency_999}")
        == "I am in {emergency_999}."
    )


def test_variants_go_round(wording: Wording) -> None:
    texts = [
        wording.text("en", "utter_ack_plain", variant=variant) for variant in (0, 1, 2, 10**6 + 1)
    ]

    assert texts[0] == texts[2]
    assert texts[1] == texts[3] != texts[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_are_plain_in_left_to_right_text(wording: Wording, language: str) -> None:
    assert ISOLATE not in wording.text(language, "utter_numbers")


def test_numbers_are_isolated_in_right_to_left_text(wording: Wording) -> None:
    text = wording.text("ar", "utter_numbers")
    for name in EMERGENCY:
        assert f"{ISOLATE}{wording.directory.service(name).phone}{POP}" in text


def test_every_isolate_is_closed(wording: Wording) -> None:
    text = wording.text("ar", "utter_numbers")

    assert text.count(ISOLATE) == text.count(POP) > 0


def test_links_hold_no_spaces_or_isolates(wording: Wording) -> None:
    for language in wording.catalogues.languages:
        for link in wording.numbers(language):
            assert link.href.isascii()
            assert " " not in link.href


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_emergency_numbers_in_order(wording: Wording, language: str) -> None:
    links = wording.numbers(language)

    assert [link.href for link in links][:2] == ["tel:999", "tel:08000121700"]
    assert links[0].kind == "call"


def test_a_number_that_can_not_be_dialled_has_no_tel_link(with_service) -> None:  # type: ignore[no-untyped-def]
    links = with_service(can_dial=False).links("en", "test-line")

    assert [link.kind for link in links] == ["web"]


def test_a_text_line_has_an_sms_link(with_service) -> None:  # type: ignore[no-untyped-def]
    links = with_service(phone=None, sms_number="64 999").links("en", "test-line")

    assert [(link.href, link.kind) for link in links] == [("sms:64999", "text")]


def test_the_website_stands_in_where_there_is_no_number(with_service) -> None:  # type: ignore[no-untyped-def]
    assert [x.href for x in with_service().links("en", "test-line")] == ["tel:02079460000"]
    assert [x.href for x in with_service(phone=None).links("en", "test-line")] == [
        "https://line.example/page"
    ]


def test_a_menu_option_stands_with_its_number(with_service) -> None:  # type: ignore[no-untyped-def]
    changed = with_service(option="3")

    assert (
        changed.number("en", changed.directory.service("test-line"))
        == "020 7946 0000, then press 3"
    )


# --- hours ------------------------------------------------------------------------------------
WEEK = OpenHours(("mon", "fri"), "09:00", "17:00")
SATURDAY = OpenHours(("sat", "sat"), "10:00", "23:59")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("unknown", "Opening hours can change."),
        ("always", "Open: 24 hours, every day"),
        ("every_day_may_change", "Open: every day of the year; hours can change"),
        ((WEEK,), f"Open: Monday to Friday, 09:00 to 17:00\n{OPEN}"),
        ((SATURDAY,), "Open: Saturday, 10:00 to 23:59\nClosed now."),
        (
            (WEEK, SATURDAY),
            f"Open: Monday to Friday, 09:00 to 17:00 · Saturday, 10:00 to 23:59\n{OPEN}",
        ),
        (
            (dataclasses.replace(WEEK, opens="17:00", closes="23:59"), WEEKEND),
            "Open: evenings, nights and weekends\nClosed now.",
        ),
    ],
)
def test_hours_in_english(wording: Wording, hours: object, words: str) -> None:
    """'Open now' is said only where anybody can know it."""
    assert wording.hours("en", service(hours=hours), now=MONDAY_MORNING) == words


def test_hours_use_the_language_s_days(wording: Wording) -> None:
    assert "lunes" in wording.hours("es", service(hours=(WEEK,)))


def test_hours_in_arabic_keep_their_order(wording: Wording) -> None:
    words = wording.hours("ar", service(hours=(WEEK,)))

    assert words.count(ISOLATE) == words.count(POP) == 2


# --- replies ----------------------------------------------------------------------------------
def test_a_service_shows_its_source_and_the_date_of_the_check(with_service) -> None:  # type: ignore[no-untyped-def]
    text = with_service().service_reply("en", "test-line").text

    assert text.split("\n") == [
        "Test line: Listens.",
        "Opening hours can change.",
        "Source: source.example. Checked: 21 November 2026.",
    ]


def test_every_entry_of_the_directory_can_be_shown_in_every_language(wording: Wording) -> None:
    local = [c for place in wording.directory.places.values() for c in place.contacts]
    entries = [*wording.directory.services.values(), *local]
    for language in wording.catalogues.languages:
        for entry in entries:
            assert wording.service_reply(language, entry.id).text


def test_a_reply_has_the_response_s_buttons_before_the_given_ones(wording: Wording) -> None:
    mine = Choice("/mine", "Mine")

    choices = wording.reply("en", "utter_self_harm_next", choices=[mine]).choices

    assert [choice.id for choice in choices] == [
        "/continue_chat",
        "/ask_numbers",
        "/delete_chat",
        "/mine",
    ]


def test_a_reply_carries_tone_and_extras(wording: Wording) -> None:
    assert wording.reply("en", "utter_danger_self").tone == "urgent"
    assert wording.reply("en", "utter_ask_other_form_noticed").multiple is True
    assert wording.reply("en", "utter_worker_summary").printable is True


@pytest.mark.parametrize(
    "response", ["utter_problem", "utter_expired", "utter_bad_request", "utter_deleted"]
)
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_what_is_said_when_something_is_wrong_holds_both_numbers(
    wording: Wording, language: str, response: str
) -> None:
    reply = wording.reply(language, response)

    assert {"tel:999", "tel:08000121700"} <= {link.href for link in reply.links}
    for name in EMERGENCY:
        assert (wording.directory.service(name).phone or "") in reply.text


def test_the_seven_questions_exist(wording: Wording) -> None:
    assert all(wording.text("en", f"utter_ask_self_form_{slot}") for slot in SEVEN)


def test_a_command_keeps_its_slash_in_front_from_right_to_left(wording: Wording) -> None:
    said = wording.text("ar", "utter_telegram_leave")

    assert "\u2066/delete\u2069" in said
    assert "\u2066/" in wording.text("ar", "utter_telegram_commands")
    assert "\u2066" not in wording.text("en", "utter_telegram_commands")

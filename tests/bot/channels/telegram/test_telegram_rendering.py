"""Replies as Telegram shows them, over every response in every language."""

from __future__ import annotations

import re
import unicodedata

import pytest

from bot.channels.telegram.chats import Question
from bot.channels.telegram.rendering import (
    DONE,
    MAX_UNITS,
    NEUTRAL,
    NEUTRAL_URGENT,
    PICK,
    in_telegram_s_words,
    keyboard,
    render,
    split,
    units,
    used_keyboard,
)
from bot.i18n import load_catalogues
from bot.replies import Choice, Link, Reply
from bot.wording import Wording, load_wording

LANGUAGES = sorted(load_catalogues().languages)
NAMES = sorted(load_wording().responses)
GIVEN = dict.fromkeys(
    ["address", "closes", "date", "description", "english", "first", "hours", "how", "items", "language", "listen",
     "last", "lines", "name", "number", "opens", "option", "ours", "place", "source", "theirs", "total", "word"],
    "‹given›",
)  # fmt: skip
REPLACED = (
    "ask_hide_traces", "ask_is_anonymous", "card_after", "deleted", "end", "expired", "paused",
    "start_other", "start_self", "worker_summary",
)  # fmt: skip
"""What is said in other words on Telegram; each must be a deliberate choice."""
TELLING = {
    "en": ("safe", "danger", "help", "police", "work", "harm", "hurt", "999", "Waymark"),
    "es": ("salvo", "peligro", "ayuda", "policía", "trabajo", "daño", "999", "Waymark"),
    "ar": ("خطر", "مساعدة", "شرطة", "عمل", "أذى", "999", "Waymark"),
}
_NUMBER = re.compile(r"\+?\d[\d ]{4,}\d")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_message_begins_with_a_line_that_says_nothing(
    wording: Wording, name: str, language: str
) -> None:
    """Locked phones show it. The rule has no exception, so it needs no judgement."""
    neutral = {wording.text(language, NEUTRAL), wording.text(language, NEUTRAL_URGENT)}
    reply = wording.reply(language, name, **GIVEN)
    for message in render([reply], wording, language):
        assert message.text.split("\n")[0] == message.first_line
        assert message.first_line in neutral
        assert units(message.text) <= MAX_UNITS


def width(line: str) -> int:
    """Places that a line takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_neutral_lines_are_neutral_and_fill_a_preview(wording: Wording, language: str) -> None:
    for name in (NEUTRAL, NEUTRAL_URGENT):
        line = wording.text(language, name)
        assert "\n" not in line
        assert width(line) >= 35
        assert not [word for word in TELLING.get(language, ()) if word.lower() in line.lower()]
    group = wording.text(language, "utter_telegram_group")
    assert not [word for word in TELLING.get(language, ()) if re.search(rf"\b{word}", group, re.I)]


@pytest.mark.parametrize(
    "language", [each for each in LANGUAGES if load_catalogues().languages[each].dir == "rtl"]
)
@pytest.mark.parametrize("name", NAMES)
def test_numbers_keep_their_order_in_right_to_left_text(
    wording: Wording, name: str, language: str
) -> None:
    for message in render([wording.reply(language, name, **GIVEN)], wording, language):
        for number in _NUMBER.finditer(message.text):
            before, after = message.text[: number.start()], message.text[number.end() :]
            assert before.rfind("\u2066") > before.rfind("\u2069"), number.group()
            assert "\u2069" in after


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", [n for n in NAMES if load_wording().responses[n][0].get("buttons")]
)
def test_buttons_fit(wording: Wording, name: str, language: str) -> None:
    [*_, message] = render([wording.reply(language, name, **GIVEN)], wording, language)
    shown = keyboard(message.question, wording, language)
    flat = [button for row in shown.inline_keyboard for button in row]

    assert all(len((button.callback_data or "").encode()) <= 64 for button in flat)
    assert [b.text for b in flat if (b.callback_data or "").startswith(PICK)] == [
        choice.label for choice in wording.reply(language, name, **GIVEN).choices
    ]


def test_what_is_said_in_other_words(wording: Wording) -> None:
    """Names are matched by convention: none may be matched by accident."""
    found = [
        name.removeprefix("utter_")
        for name in NAMES
        if in_telegram_s_words(Reply("x", response=name), wording, "en").text != "x"
    ]

    assert tuple(found) == REPLACED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [f"utter_telegram_{each}" for each in REPLACED])
def test_what_is_said_on_telegram_speaks_of_no_browser(
    wording: Wording, name: str, language: str
) -> None:
    text = wording.text(language, name).lower()

    assert not [word for word in ("browser", "history", "navegador", "متصفح") if word in text]


def test_replies_are_joined_until_one_has_buttons(wording: Wording) -> None:
    replies = [
        Reply("One."),
        Reply("Two.", choices=(Choice("/x", "X"),)),
        Reply("Three."),
        Reply("Card.", card=True),
        Reply("Four."),
        Reply("Now.", tone="urgent"),
    ]
    bodies = [m.text.split("\n\n", 1)[1] for m in render(replies, wording, "en")]

    assert bodies == ["Now.", "One.\n\nTwo.", "Three.", "Card.", "Four."]


def test_a_link_is_shown_once(wording: Wording) -> None:
    link = Link("Call 999", "tel:999", "call")
    [message] = render([Reply("A", links=(link,)), Reply("B", links=(link,))], wording, "en")

    assert message.text.count("📞 999") == 1


def test_a_long_reply_is_cut_at_sentences_and_asks_in_the_last_part(wording: Wording) -> None:
    sentence = "A sentence with 😀 that is long enough. "
    reply = Reply(sentence * 300, choices=(Choice("/x", "X"),))
    messages = render([reply], wording, "en")

    assert len(messages) > 2
    assert all(units(m.text) <= MAX_UNITS and m.text.rstrip().endswith(".") for m in messages)
    assert [bool(m.question) for m in messages] == [False] * (len(messages) - 1) + [True]
    assert (
        " ".join(m.text.split("\n\n", 1)[1].strip() for m in messages) == (sentence * 300).strip()
    )


@pytest.mark.parametrize("text", ["x" * 9000, "😀" * 5000, "word " * 2000, "a\n" * 5000])
def test_anything_can_be_split(text: str) -> None:
    parts = split(text, 4000)

    assert all(0 < units(part) <= 4000 for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_ticks_and_what_was_chosen(wording: Wording) -> None:
    choices = (Choice("/answer1", "A"), Choice("/answer2", "B"), Choice("/skip", "Skip"))
    question = Question(choices, (Link("W", "https://x.example", "web"),), True, {1})
    shown = [[b.text for b in row] for row in keyboard(question, wording, "en").inline_keyboard]
    used = used_keyboard(question, {1}).inline_keyboard

    assert shown == [["A"], ["✓ B"], ["Skip"], ["Done"], ["W"]]
    assert keyboard(question, wording, "en").inline_keyboard[3][0].callback_data == DONE
    assert [[b.text for b in row] for row in used] == [["✓ B"], ["W"]]


def test_a_long_list_stands_in_pairs(wording: Wording) -> None:
    choices = tuple(Choice(f"/x{n}", f"Place {n}") for n in range(34))
    rows = keyboard(Question(choices), wording, "en").inline_keyboard

    assert [len(row) for row in rows] == [2] * 17


def test_no_buttons_is_no_keyboard(wording: Wording) -> None:
    assert keyboard(Question(()), wording, "en") is None
    assert used_keyboard(Question(()), ()) is None


def test_what_is_ticked_from_the_start_shows_it(wording: Wording) -> None:
    choices = (
        Choice('/answer{"understood":"debt"}', "debt", ticked=True),
        Choice('/answer{"understood":"none"}', "none"),
    )
    (message,) = render([Reply("Which?", choices=choices, multiple=True)], wording, "en")
    assert message.question is not None
    buttons = keyboard(message.question, wording, "en")

    assert message.question.ticked == {0}
    assert buttons is not None
    assert [row[0].text for row in buttons.inline_keyboard[:2]] == ["✓ debt", "none"]

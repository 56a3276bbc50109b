"""bot/channels/telegram/setup.py and profile.py: what Telegram shows is what catalogues say."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import logging
import re
from typing import Any

import pytest
from fake_bot_api import TOKEN, USERNAME, FakeBotApi
from telegram.error import RetryAfter
from typer.testing import CliRunner

from bot import cli
from bot.channels.telegram import setup
from bot.channels.telegram.bot_api import in_words
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.profile import (
    COMMAND_CHARS,
    DEFAULT,
    MAX_CHARS,
    Profile,
    profile,
    telegram_code,
    wanted_profiles,
)
from bot.channels.telegram.setup import Change, as_diff, compare
from bot.i18n import Language
from bot.wording import Wording, load_wording

LANGUAGES = sorted(load_wording().catalogues.languages)
REVEALING = re.compile(
    r"exploit|abus|danger|violen|safe|police|control|slave|traffick|threat|harm|sex|boss|work"
    r"|explota|peligro|violencia|policía|trabaj|amenaz|sexo|استغلال|خطر|عنف|شرطة|أجر|تهديد|جنس",
    re.I,
)
"""What would say over a shoulder why a person came."""


pytestmark = pytest.mark.usefixtures("quiet")


def run(*options: str, given: str = "", token: str = TOKEN) -> Any:
    return CliRunner().invoke(
        cli.app, ["telegram", "setup", *options], input=given, env={"TELEGRAM_BOT_TOKEN": token}
    )


# --- What the catalogues say ---------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", sorted(MAX_CHARS))
def test_texts_fit(wording: Wording, language: str, part: str) -> None:
    assert 0 < len(profile(wording, language).text(part)) <= MAX_CHARS[part]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_described_and_fits(wording: Wording, language: str) -> None:
    commands = profile(wording, language).commands

    assert tuple(name for name, _ in commands) == COMMANDS
    assert [does for _, does in commands if len(does) not in COMMAND_CHARS] == []
    assert len({does for _, does in commands}) == len(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_a_locked_phone_says_why_a_person_came(wording: Wording, language: str) -> None:
    said = profile(wording, language)

    others = [does for command, does in said.commands if command != "worker"]
    for text in (said.name, said.short_description, said.description, *others):
        assert REVEALING.findall(text) == []
    assert said.name == "Waymark"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emergency_number_is_the_directory_s(wording: Wording, language: str) -> None:
    number = wording.directory.service("emergency-999").phone

    assert number is not None
    assert number in profile(wording, language).description


def with_languages(wording: Wording, *codes: str) -> Wording:
    """The same words with further catalogues that fall back to English."""
    more = {code: Language(code, code, code, "ltr", is_draft=True) for code in codes}
    english = wording.catalogues.translations["en"]
    catalogues = dataclasses.replace(
        wording.catalogues,
        languages={**wording.catalogues.languages, **more},
        translations={**wording.catalogues.translations, **dict.fromkeys(more, english)},
    )
    return dataclasses.replace(wording, catalogues=catalogues)


def test_a_further_catalogue_needs_no_code(wording: Wording) -> None:
    wanted, left_out = wanted_profiles(with_languages(wording, "vi", "zh_Hans"))

    assert {"vi", "zh"} <= set(wanted)
    assert left_out == []


def test_a_language_that_telegram_can_t_take_is_named(wording: Wording) -> None:
    wanted, left_out = wanted_profiles(with_languages(wording, "ckb", "zh_Hans", "zh_Hant"))

    assert left_out == ["ckb", "zh_Hant"]
    assert "ckb" not in wanted


@pytest.mark.parametrize(("language", "code"), [("zh_Hans", "zh"), ("es", "es"), ("ckb", "ckb")])
def test_codes_are_telegram_s(language: str, code: str) -> None:
    assert telegram_code(language) == code


# --- What differs --------------------------------------------------------------------

OURS = Profile(commands=(("start", "Start"),), name="Waymark")
THEIRS = Profile(commands=(("start", "Empezar"),), name="Waymark")


def test_nothing_differs() -> None:
    same = {DEFAULT: OURS, "es": THEIRS}

    assert compare(same, same) == []


def test_a_language_that_follows_the_default_needs_nothing_of_its_own() -> None:
    old = Profile(name="WaymarkBot")

    changes = compare({DEFAULT: old, "es": old}, {DEFAULT: OURS, "es": THEIRS})
    assert [(each.language, each.part) for each in changes] == [
        (DEFAULT, "commands"),
        ("es", "commands"),
        (DEFAULT, "name"),
    ]


def test_a_language_with_an_old_text_of_its_own_is_mended() -> None:
    old = dataclasses.replace(THEIRS, name="Otro")

    changes = compare({DEFAULT: OURS, "es": old}, {DEFAULT: OURS, "es": THEIRS})
    assert changes == [Change("es", "name", "Otro", "Waymark")]


def test_direction_marks_are_no_difference() -> None:
    marked = Profile(description="\u2066999\u2069")

    assert compare({DEFAULT: Profile(description="999")}, {DEFAULT: marked}) == []


def test_the_difference_is_readable() -> None:
    change = Change("es", "short_description", "Hola", "Buenos\ndías")

    assert as_diff([change]) == "short description (es)\n  - Hola\n  + Buenos\n  + días"


# --- Against the Bot API -------------------------------------------------------------


def test_everything_is_set_once_and_then_nothing(telegram: FakeBotApi, wording: Wording) -> None:
    first = run("--yes")
    number = len(telegram.sets())
    second = run("--yes")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Nothing to change" in second.output
    assert len(telegram.sets()) == number
    for language in set(LANGUAGES) - {"en"}:
        code = telegram_code(language)
        shown = telegram.shown["MyCommands", code]
        assert [each["command"] for each in shown] == list(COMMANDS)
        assert telegram.shown["MyDescription", code] == profile(wording, language).description
    assert telegram.shown["MyName", DEFAULT] == "Waymark"


def test_a_name_that_is_the_same_everywhere_is_set_once(telegram: FakeBotApi) -> None:
    """Telegram lets names change a few times a day only."""
    run("--yes")

    assert [each for each in telegram.sets() if each[0] == "setMyName"] == [("setMyName", DEFAULT)]
    assert telegram.sets()[-1][0] == "setMyName"


def test_only_what_differs_is_set(telegram: FakeBotApi) -> None:
    run("--yes")
    telegram.shown["MyShortDescription", "es"] = "Antes"
    telegram.calls.clear()

    result = run("--yes")
    assert telegram.sets() == [("setMyShortDescription", "es")]
    assert "- Antes" in result.output


def test_changes_are_shown_and_asked_for_before_anything_is_set(telegram: FakeBotApi) -> None:
    result = run(given="n\n")

    assert result.exit_code == 1
    assert f"@{USERNAME}" in result.output
    assert "+ /numbers – Phone numbers" in result.output
    assert "Nothing was changed" in result.output
    assert telegram.sets() == []


def test_without_an_answer_nothing_is_set(telegram: FakeBotApi) -> None:
    result = run()

    assert result.exit_code == 1
    assert telegram.sets() == []


def test_yes_by_hand(telegram: FakeBotApi) -> None:
    assert run(given="y\n").exit_code == 0
    assert telegram.sets()


def assert_said(result: Any, *words: str) -> None:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert TOKEN not in result.output
    assert "canary" not in result.output
    for word in words:
        assert word in result.output


def test_a_wrong_token_is_said_and_not_shown(
    telegram: FakeBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    assert_said(
        run(token="999:canary-wrong-token-of-length"), "does not accept this token", "BotFather"
    )
    assert "canary" not in caplog.text


@pytest.mark.parametrize("token", ["canary", "123:ca nary", "123:canary/../x", "x:canary"])
def test_what_can_t_be_a_token_is_named_and_not_shown(token: str, no_network: None) -> None:
    assert_said(run(token=token), "TELEGRAM_BOT_TOKEN")


def test_without_a_token(no_network: None) -> None:
    assert_said(run(token=""), "TELEGRAM_BOT_TOKEN", "BotFather")


def test_no_way_to_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")

    assert_said(run("--yes"), "can't be reached")


def test_a_long_pause_is_said_and_what_was_set_stays(telegram: FakeBotApi) -> None:
    telegram.refuse("setMyName", 429, "Too Many Requests", retry_after=18_180)

    result = run("--yes")
    assert_said(result, "name", "5 h 3 min", "1 of ", "stays")
    assert telegram.shown["MyCommands", "es"]

    assert run("--yes").exit_code == 0
    assert telegram.shown["MyName", DEFAULT] == "Waymark"


def test_a_short_pause_is_waited_out(telegram: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real(0)

    monkeypatch.setattr(setup.asyncio, "sleep", sleep)
    telegram.refuse("setMyCommands", 429, "Too Many Requests", retry_after=3)

    assert run("--yes").exit_code == 0
    assert 3.0 in waits


def test_a_pause_while_reading_is_said(telegram: FakeBotApi) -> None:
    telegram.refuse("getMyDescription", 429, "Too Many Requests", retry_after=90)

    assert_said(run("--yes"), "2 min")


@pytest.mark.parametrize("code", [400, 403, 500, 502])
def test_a_refusal_is_said(telegram: FakeBotApi, code: int) -> None:
    telegram.refuse("setMyDescription", code, "BOT_DESCRIPTION_INVALID")

    assert_said(run("--yes"), "Telegram")


def test_a_text_that_telegram_does_not_keep_is_told(
    telegram: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = telegram._result

    def forgets(method: str, data: dict[str, Any]) -> Any:
        return True if method == "setMyDescription" else real(method, data)

    monkeypatch.setattr(telegram, "_result", forgets)

    result = run("--yes")
    assert (result.exit_code, "run this again" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (60, "1 min"), (61, "2 min"), (3600, "1 h 0 min")]
)
def test_pauses_in_words(seconds: int, words: str) -> None:
    assert in_words(datetime.timedelta(seconds=seconds)) == words


def test_a_pause_is_read_whatever_its_type() -> None:
    from bot.channels.telegram.bot_api import pause

    assert pause(RetryAfter(7)) == datetime.timedelta(seconds=7)

"""bot/channels/telegram/poster.py: the right words, the right link, nothing that gives away."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import segno
from fake_bot_api import TOKEN, USERNAME, FakeBotApi
from typer.testing import CliRunner

from bot import cli
from bot.channels.telegram.deep_links import DeepLink, parse
from bot.channels.telegram.poster import (
    PIECES,
    ROUTES,
    PosterError,
    hints,
    make_poster,
    telegram_way,
    web_way,
)
from bot.directory import load_directory
from bot.wording import Wording, load_wording

LANGUAGES = sorted(load_wording().catalogues.languages)
PLACES = sorted(load_directory().places)
VOID = {"meta", "link", "br", "wbr", "path"}
REVEALING = re.compile(
    r"exploit|abus|danger|violen|police|slave|traffick|threat|harm|sex|boss|forced|victim"
    r"|explota|peligro|violencia|policía|amenaz|sexo|víctima|استغلال|خطر|عنف|شرطة|تهديد|جنس",
    re.I,
)
"""What would shame or endanger someone who is seen reading."""


pytestmark = pytest.mark.usefixtures("quiet")


def run(*options: str, token: str = "") -> Any:
    return CliRunner().invoke(
        cli.app, ["telegram", "poster", *options], env={"TELEGRAM_BOT_TOKEN": token}
    )


def poster(
    wording: Wording, language: str, place: str | None = None, route: str | None = None
) -> str:
    link = hints(wording, language, place, route)
    return make_poster(wording, link, telegram_way("WaymarkBot", link))


def words_of(page: str) -> str:
    """What a person reads, spaces put together."""
    body = re.sub(r"<wbr>", "", page[page.index("<body>") :])
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def codes_of(page: str) -> list[list[list[int]]]:
    """The modules that each SVG draws, without the quiet border of 4."""
    codes = []
    for side, path in re.findall(
        r'<svg viewBox="0 0 (\d+) \1"><path stroke="#000" d="([^"]+)"', page
    ):
        grid = [[0] * int(side) for _ in range(int(side))]
        x, y = 0, 0.0
        for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
            values = [float(each) for each in re.findall(r"-?[\d.]+", numbers)]
            if command == "M":
                x, y = int(values[0]), values[1]
            elif command == "m":
                x, y = x + int(values[0]), y + values[1]
            else:
                for _ in range(int(values[0])):
                    grid[int(y)][x] = 1
                    x += 1
        edge = int(side)
        assert not any(any(row[:4] + row[edge - 4 :]) for row in grid)
        assert not any(any(row) for row in grid[:4] + grid[edge - 4 :])
        codes.append([row[4:-4] for row in grid[4:-4]])
    return codes


class Tags(HTMLParser):
    """Every tag closes what was opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [(name, value or "") for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


# --- Failures first ------------------------------------------------------------------


def assert_said(result: Any, *words: str) -> None:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "<html" not in result.output
    for word in words:
        assert word in result.output


@pytest.mark.parametrize("language", ["xx", "", "english", "../es", "e"])
def test_an_unknown_language_lists_what_there_is(language: str) -> None:
    assert_said(run("--language", language, "--bot", "WaymarkBot"), *LANGUAGES)


@pytest.mark.parametrize("borough", ["paris", "", "Southwark "])
def test_an_unknown_borough_lists_what_there_is(borough: str) -> None:
    result = run("--language", "es", "--borough", borough, "--bot", "WaymarkBot")

    assert_said(result, *PLACES)


def test_an_unknown_route_lists_what_there_is() -> None:
    assert_said(run("--language", "es", "--route", "x", "--bot", "WaymarkBot"), *ROUTES)


@pytest.mark.parametrize("bot", ["x", "Waymark Bot", "<b>Waymark</b>", "1Waymark", "a" * 40])
def test_an_impossible_name_of_a_bot_is_refused(bot: str) -> None:
    assert_said(run("--language", "es", "--bot", bot), "5 to 32")


@pytest.mark.parametrize(
    "page",
    ["http://waymark.example", "javascript:alert(1)", "waymark.example", "https://", "https://[x",
     "https://a.example/?x=1", 'https://a.example/"><script>', "https://me:pw@a.example"],
)  # fmt: skip
def test_an_address_that_is_no_page_is_refused(page: str) -> None:
    assert_said(run("--language", "es", "--web", page), "https://")


def test_without_name_and_token() -> None:
    assert_said(run("--language", "es"), "--bot", "TELEGRAM_BOT_TOKEN")


def test_a_wrong_token_is_said_and_not_shown(telegram: FakeBotApi) -> None:
    result = run("--language", "es", token="999:canary-wrong-token-of-length")

    assert_said(result, "does not accept this token")
    assert "canary" not in result.output


def test_a_file_that_can_t_be_written(tmp_path: Path) -> None:
    out = str(tmp_path / "none" / "poster.html")

    assert_said(run("--language", "es", "--bot", "WaymarkBot", "--out", out), "poster.html")


# --- The page ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", [None, *ROUTES])
def test_it_is_a_whole_page_in_its_language(
    wording: Wording, language: str, route: str | None
) -> None:
    page = poster(wording, language, "southwark", route)
    tags = Tags()
    tags.feed(page)

    assert tags.open == []
    assert page.startswith("<!doctype html>")
    tag, known = language.replace("_", "-"), wording.catalogues.languages[language]
    assert f'<html lang="{tag}" dir="{known.dir}">' in page
    title = {"other": "_other", "worker": "_worker"}.get(route or "", "")
    said = wording.text(language, f"utter_poster_title{title}")
    assert " ".join(said.split()) in words_of(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_nobody_for_anything(wording: Wording, language: str) -> None:
    tags = Tags()
    page = poster(wording, language)
    tags.feed(page)

    assert tags.links == [("href", "data:,")]
    assert not {"script", "img", "iframe", "object", "form"} & set(tags.seen)
    assert not re.search(r"url\(|@import|@font-face", page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", [None, *ROUTES])
def test_nothing_endangers_who_reads_it(wording: Wording, language: str, route: str | None) -> None:
    assert REVEALING.findall(words_of(poster(wording, language, "southwark", route))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emergency_number_is_the_directory_s(wording: Wording, language: str) -> None:
    number = wording.directory.service("emergency-999").phone

    assert f"{number}" in words_of(poster(wording, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_so(wording: Wording, language: str) -> None:
    said = wording.text(language, "utter_draft_language") in words_of(poster(wording, language))

    assert said == wording.catalogues.languages[language].is_draft


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_telegram_keeps_is_said(wording: Wording, language: str) -> None:
    for line in wording.text(language, "utter_poster_telegram").splitlines():
        assert line in words_of(poster(wording, language))


def test_the_borough_is_named(wording: Wording) -> None:
    assert "in Kingston upon Thames." in words_of(poster(wording, "en", "kingston-upon-thames"))
    assert "in London." in words_of(poster(wording, "en"))


def test_a_borough_keeps_its_order_in_arabic(wording: Wording) -> None:
    assert "\u2066Southwark\u2069" in poster(wording, "ar", "southwark")


# --- The link and the code -----------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", [None, *ROUTES])
@pytest.mark.parametrize("place", [None, *PLACES])
def test_every_link_can_be_read_back(
    wording: Wording, language: str, route: str | None, place: str | None
) -> None:
    link = hints(wording, language, place, route)
    url = telegram_way("WaymarkBot", link).url

    assert parse(url.removeprefix("https://t.me/WaymarkBot?start=")) == link


def test_the_codes_hold_the_link(wording: Wording) -> None:
    url = "https://t.me/WaymarkBot?start=l-es_r-self_b-southwark"
    big, *small = codes_of(poster(wording, "es", "southwark", "self"))

    def modules(level: str) -> list[list[int]]:
        code = segno.make(url, error=level, micro=False, boost_error=False)
        return [list(row) for row in code.matrix]

    assert big == modules("m")
    assert small == [modules("l")] * PIECES


def test_a_piece_says_only_who_and_where(wording: Wording) -> None:
    page = poster(wording, "en", "southwark", "self")
    piece = page[page.index("<li>") : page.index("</li>")]

    assert words_of("<body>" + piece) == "Waymark t.me/WaymarkBot"


def test_the_name_of_the_bot_may_have_an_at(wording: Wording) -> None:
    assert telegram_way("@WaymarkBot", DeepLink("es")).url == "https://t.me/WaymarkBot?start=l-es"


def test_values_are_escaped(wording: Wording) -> None:
    way = telegram_way("WaymarkBot", DeepLink("en"))
    evil = make_poster(wording, DeepLink("en"), type(way)("https://x/\"'<b>", "<b>&", way.how))

    assert "<b>&" not in evil
    assert "&lt;b&gt;&amp;" in evil


def test_a_code_for_the_page(wording: Wording) -> None:
    link = hints(wording, "es", None, None)
    way = web_way("https://waymark.example/", link)
    page = make_poster(wording, link, way)

    assert way.url == "https://waymark.example/?language=es"
    assert "Telegram" not in words_of(page)
    assert "waymark.example" in words_of(page)


# --- The command ---------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es", "ES", "en"])
def test_to_standard_output(language: str) -> None:
    result = run("--language", language, "--bot", "WaymarkBot")

    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")


def test_to_a_file_with_telegram_s_own_name_of_the_bot(
    telegram: FakeBotApi, tmp_path: Path
) -> None:
    out = tmp_path / "poster.html"

    result = run("--language", "ar", "--borough", "southwark", "--out", str(out), token=TOKEN)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"t.me/{USERNAME}?start=l-ar_b-southwark" in out.read_text(encoding="utf-8")
    assert TOKEN not in out.read_text(encoding="utf-8")
    assert telegram.sets() == []


def test_a_draft_is_told_to_who_prints(tmp_path: Path) -> None:
    assert "have them read" in run("--language", "es", "--bot", "WaymarkBot").stderr
    assert run("--language", "en", "--bot", "WaymarkBot").stderr == ""


def test_hints_refuse_in_the_library_too(wording: Wording) -> None:
    with pytest.raises(PosterError, match="There is"):
        hints(wording, "xx", None, None)

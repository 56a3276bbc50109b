"""bot/channels/pages.py: the page that works without script."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from apiflask import APIFlask
from fake_engine import FakeEngine
from flask.testing import FlaskClient

from bot.channels.pages import with_numbers
from bot.channels.widget_strings import load_widget_strings
from bot.wording import SEVEN, Wording

LANGUAGES = ["en", "es", "ar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_and_questions_need_neither_script_nor_engine(
    client: FlaskClient, engine: FakeEngine, wording: Wording, language: str
) -> None:
    engine.trouble_is = "Redis does not answer"

    page = html.unescape(client.get(f"/?language={language}").text)

    assert 'href="tel:999"' in page
    assert 'href="tel:08000121700"' in page
    for slot in SEVEN:
        assert wording.text(language, f"utter_ask_self_form_{slot}") in page
    assert engine.turns == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_page_is_there(
    client: FlaskClient, wording: Wording, language: str
) -> None:
    page = "".join(
        html.unescape(client.get(f"{path}?language={language}").text)
        for path in ("/", "/worker", "/learn", "/numbers", "/nothing")
    )

    strings = load_widget_strings(wording.catalogues, language)
    shown = {key: text for key, text in strings.items() if key.startswith("page_")}
    if language == "en":
        del shown["page_card_heading"]  # nobody needs an interpreter from English
    assert shown
    assert [key for key, text in shown.items() if text not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/worker", "/learn", "/numbers", "/nothing"])
def test_no_element_for_reading_is_empty(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(f"{path}?language={language}").text

    assert re.findall(r"<(title|h1|h2|p|a|li)\b[^>]*>\s*</\1>", page) == []


def test_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/").text

    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r'(?:src|<link[^>]*href)="(?!/|data:)', page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_of_numbers_needs_no_engine(
    client: FlaskClient, engine: FakeEngine, wording: Wording, language: str
) -> None:
    engine.trouble_is = "Redis does not answer"

    page = html.unescape(client.get(f"/numbers?language={language}").text)

    for line in wording.text(language, "utter_numbers").split("\n"):
        assert re.sub("[\u2066\u2069]", "", line) in re.sub("[\u2066\u2069]|<[^>]+>", "", page)
    assert 'href="tel:999"' in page
    assert "<script" not in page
    assert engine.turns == []


def test_the_sheet_asks_for_an_interpreter_in_both_languages(client: FlaskClient) -> None:
    page = html.unescape(client.get("/numbers?language=vi").text)

    assert "I need an interpreter. I speak Vietnamese." in page
    assert "Tiếng Việt" in page
    assert "I need an interpreter" not in client.get("/numbers?language=en").text


def test_no_copy_of_the_sheet_stays_unless_the_operator_allows_it(
    client: FlaskClient, web: APIFlask
) -> None:
    assert client.get("/numbers").headers["Cache-Control"] == "no-store"

    settings = web.extensions["waymark.settings"]
    web.extensions["waymark.settings"] = replace(settings, numbers_cache_hours=24)

    assert client.get("/numbers").headers["Cache-Control"] == "private, max-age=86400"
    assert client.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/numbers", "/widget.js", "/page.css"])
def test_a_file_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 200


def test_the_browser_s_language_is_spoken(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "ar-EG,en;q=0.5"}).text

    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "xx", "../..", ""])
def test_a_strange_language_is_english_and_not_echoed(client: FlaskClient, value: str) -> None:
    page = client.get("/", query_string={"language": value}).text

    assert '<html lang="en" dir="ltr">' in page
    assert "alert(1)" not in page


def test_the_way_out_stands_on_the_page(client: FlaskClient) -> None:
    assert 'href="https://www.bbc.co.uk/weather"' in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/worker", "/learn", "/numbers", "/nothing"])
def test_a_number_stays_in_one_piece(client: FlaskClient, path: str) -> None:
    """Broken over two lines, in Arabic, its halves would stand in the wrong order."""
    page = client.get(f"{path}?language=ar").text

    assert '<span class="number" dir="ltr">08000 121 700</span>' in page
    assert '<span class="number" dir="ltr">999</span>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_page_says_so_and_leads_to_the_chat_and_out(
    client: FlaskClient, wording: Wording, language: str
) -> None:
    page = html.unescape(client.get(f"/nothing?language={language}").text)

    assert load_widget_strings(wording.catalogues, language)["page_lost"] in page
    assert f'href="/?language={language}"' in page
    assert 'class="way-out" href="https://www.bbc.co.uk/weather"' in page


def test_text_between_numbers_is_text(client: FlaskClient) -> None:
    assert with_numbers("<b> 999 & 12") == (
        '&lt;b&gt; <span class="number" dir="ltr">999</span> &amp; 12'
    )

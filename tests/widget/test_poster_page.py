"""The poster in a browser: one page of paper, nothing cut off, nothing asked of anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_page import AXE
from playwright.sync_api import Browser, Page

from bot.channels.telegram.poster import ROUTES, hints, make_poster, telegram_way
from bot.wording import load_wording

LANGUAGES = sorted(load_wording().catalogues.languages)
A4 = {"width": 794, "height": 1123}
"""In CSS pixels."""
LONGEST_BOT = "WaymarkLondonBoroughsHelperTheBot"[:32]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of A4; what it asks for is noted and refused."""
    context = browser.new_context(viewport=A4)  # type: ignore[arg-type]
    page = context.new_page()
    yield page
    context.close()


def shown(page: Page, language: str, route: str | None) -> list[str]:
    """Show the poster with the longest names; returns what was asked for."""
    wording = load_wording()
    longest = max(wording.directory.places.values(), key=lambda place: len(place.name)).id
    link = hints(wording, language, longest, route)
    asked: list[str] = []
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page.set_content(make_poster(wording, link, telegram_way(LONGEST_BOT, link)))
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", [None, *ROUTES])
def test_it_fits_on_one_page(page: Page, language: str, route: str | None) -> None:
    asked = shown(page, language, route)
    size = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )

    assert asked == []
    assert size[0] <= A4["width"]
    assert size[1] <= A4["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_its_box(page: Page, language: str) -> None:
    shown(page, language, "self")

    assert (
        page.evaluate(
            "[...document.querySelectorAll('p, h1, li, div')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        )
        == []
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_large_enough_to_scan(page: Page, language: str) -> None:
    """Pieces are held in the hand; the big code is read from a step away."""
    shown(page, language, "worker")
    modules_mm = page.evaluate(
        "[...document.querySelectorAll('svg')]"
        ".map(e => e.getBoundingClientRect().width / e.viewBox.baseVal.width * 25.4 / 96)"
    )

    assert min(modules_mm) > 0.42
    assert modules_mm[0] > 1.4


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(page: Page, language: str) -> None:
    shown(page, language, None)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

    assert [each["id"] for each in found["violations"]] == []

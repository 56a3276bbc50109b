"""/numbers in a browser: one sheet of A5 on paper, a page to touch on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from foreign_words import english_in
from web_chat import WebChat

from bot.i18n import load_catalogues

OpenPage = Callable[..., WebChat]
LANGUAGES = sorted(load_catalogues().languages)
A5_POINTS = (420, 595)


def opened(open_page: OpenPage, language: str) -> WebChat:
    """The page on a small phone without script."""
    chat = open_page(language, is_bare=True, java_script_enabled=False)
    chat.goto(f"/numbers?language={language}")
    return chat


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_prints_on_one_sheet_of_a5(open_page: OpenPage, language: str) -> None:
    pdf = opened(open_page, language).page.pdf(prefer_css_page_size=True)

    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert [round(float(size)) for size in sheets[0]] == pytest.approx(A5_POINTS, abs=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_nothing_is_cut_off(open_page: OpenPage, language: str) -> None:
    page = opened(open_page, language).page

    assert page.locator(".card").first.get_attribute("href") == "tel:999"
    for card in page.locator(".card").all():
        box = card.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert page.locator(".way-out").is_visible()
    assert english_in(page.locator("main").inner_text(), language) == []

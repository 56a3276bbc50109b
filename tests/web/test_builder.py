"""The page that makes the tag, in a real browser on the real server."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from web_chat import WebChat

OpenPage = Callable[..., WebChat]


def open_builder(open_page: OpenPage) -> WebChat:
    chat = open_page("en", width=1280, is_bare=True)
    chat.goto("/embed/builder")
    return chat


def tag(chat: WebChat) -> str:
    return chat.page.locator("#tag").inner_text()


def test_without_a_choice_it_is_the_plain_line(open_page: OpenPage) -> None:
    builder = open_builder(open_page)
    assert tag(builder) == f'<script src="{builder.url}/widget.js" defer></script>'


def test_the_line_and_the_chat_beside_it_follow_each_choice(open_page: OpenPage) -> None:
    builder = open_builder(open_page)
    page = builder.page
    page.get_by_label("Language to start in").select_option("ar")
    page.get_by_label("Borough").select_option("camden")
    page.get_by_label("Where to start").select_option("other")
    page.get_by_label("Corner").select_option("start")
    page.get_by_label("Name of the chat").fill('Ask "us" & <more>')
    page.get_by_label("Colour").fill("#7a1f5c")
    page.get_by_label("Where “Leave now” leads").fill("https://weather.example/")
    page.get_by_label("Colour").focus()

    assert tag(builder) == (
        f'<script src="{builder.url}/widget.js" defer data-language="ar" data-borough="camden"'
        ' data-route="other" data-position="start" data-headline="Ask &quot;us&quot; &amp; &lt;more>"'
        ' data-accent="#7a1f5c" data-exit-url="https://weather.example/"></script>'
    )
    frame = page.frame_locator("iframe")
    frame.locator("waymark-chat .launcher").click()
    frame.locator("waymark-chat .reply").first.wait_for()
    assert frame.locator("waymark-chat .panel").get_attribute("dir") == "rtl"
    sources = re.search(r'src="([^"]*)"', page.locator("#frame").inner_text())
    assert sources and page.locator("iframe").get_attribute("src") == sources[1].replace(
        "&amp;", "&"
    )


def test_the_line_that_it_makes_works(open_page: OpenPage) -> None:
    """Put into a page as it stands."""
    builder = open_builder(open_page)
    page = builder.page
    page.get_by_label("Colour").fill("#7a1f5c")
    page.get_by_label("Name of the chat").fill("Ask us")
    page.get_by_label("Language to start in").select_option("es")
    line = tag(builder)
    page.route(
        "**/numbers?host",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<!doctype html><html lang=en><title>A host</title><link rel=icon href='data:,'>{line}",
        ),
    )
    builder.goto("/numbers?host")
    builder.find(".launcher").click()
    builder.wait_for_replies()

    assert builder.find("h2").inner_text() == "Ask us"
    assert builder.find(".panel").get_attribute("lang") == "es"
    colour = "(node) => getComputedStyle(node).backgroundColor"
    assert builder.find(".send").evaluate(colour) == "rgb(122, 31, 92)"


@pytest.mark.parametrize(
    ("colour", "said"), [("#7a1f5c", "Can be read"), ("#ffee88", "can’t be read")]
)
def test_a_colour_is_judged_at_once(open_page: OpenPage, colour: str, said: str) -> None:
    builder = open_builder(open_page)
    builder.page.get_by_label("Colour").fill(colour)
    builder.page.get_by_label("Name of the chat").focus()

    assert said in builder.page.locator("#colour-note").inner_text()


def test_what_cannot_be_right_is_marked_and_left_out(open_page: OpenPage) -> None:
    builder = open_builder(open_page)
    page = builder.page
    page.get_by_label("Where “Leave now” leads").fill("javascript:alert(1)")
    page.get_by_label("Colour").fill("red")
    page.get_by_label("Name of the chat").focus()

    assert "javascript" not in tag(builder) and "accent" not in tag(builder)
    assert page.locator("[aria-invalid=true]").count() == 2


@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_accessible_and_fits(open_page: OpenPage, width: int) -> None:
    chat = open_page("en", width=width, is_bare=True, bypass_csp=True)
    chat.goto("/embed/builder")

    assert chat.axe() == []
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width

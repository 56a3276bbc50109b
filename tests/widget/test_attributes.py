"""What a host can set, and what happens where it is set wrongly."""

from __future__ import annotations

import pytest
from chat_page import Chat, NewChat
from host_styles import CONTENT, visit

OURS = {"light": "rgb(18, 89, 95)", "dark": "rgb(143, 211, 205)"}
PLUM = "rgb(122, 31, 92)"
COLOUR = "(node) => getComputedStyle(node).backgroundColor"


def warnings_of(chat: Chat) -> list[str]:
    """What the console is warned of, as it grows."""
    found: list[str] = []
    chat.page.on(
        "console",
        lambda message: found.append(message.text) if message.type == "warning" else None,
    )
    return found


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("position", ["start", "end", ""])
def test_position(new_chat: NewChat, url: str, position: str, direction: str) -> None:
    language = {"ltr": "en", "rtl": "ar"}[direction]
    chat = new_chat(is_bare=True, locale=language)
    given = f"position={position}" if position else ""
    visit(chat, url, f"<waymark-chat {given}></waymark-chat>", direction=direction)
    boxes = [chat.find(".launcher").bounding_box()]
    chat.open()
    boxes.append(chat.find(".panel").bounding_box())
    is_left = (position == "start") == (direction == "ltr")

    for box in boxes:
        gap = box["x"] if is_left else 1280 - box["x"] - box["width"]
        assert gap == 16


def test_headline_names_region_and_dialog(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    visit(chat, url, "<waymark-chat headline='Ask a question'></waymark-chat>")
    region = chat.page.get_by_role("region", name="Ask a question", exact=True)
    assert region.count() == 1
    chat.open()

    assert chat.page.get_by_role("dialog", name="Ask a question", exact=True).is_visible()
    assert chat.find("h2").inner_text() == "Ask a question"
    assert region.count() == 1, "the words of the server took its place"
    chat.find("select").select_option("es")
    chat.wait(4)
    assert chat.find("h2").inner_text() == "Ask a question"
    assert region.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("attributes", "css"),
    [
        ("accent='#7a1f5c'", ""),
        ("", "waymark-chat { --waymark-accent: #7a1f5c; }"),
        ("", ":root { --waymark-accent:#7A1F5C }"),
        ("accent='#7a1f5c'", ":root { --waymark-accent: #003300 }"),
    ],
)
def test_accent(new_chat: NewChat, url: str, attributes: str, css: str, scheme: str) -> None:
    """The dark theme keeps ours."""
    chat = new_chat(is_bare=True, color_scheme=scheme)
    warned = warnings_of(chat)
    visit(chat, url, f"<waymark-chat {attributes}></waymark-chat>", css=css)

    expected = PLUM if scheme == "light" else OURS["dark"]
    assert chat.find(".launcher").evaluate(COLOUR) == expected
    chat.open()
    assert chat.find(".send").evaluate(COLOUR) == expected
    assert {"open": chat.axe()} == {"open": []}
    assert warned == []


@pytest.mark.parametrize(
    ("attributes", "css", "told"),
    [
        ("accent='#ffee88'", "", "#ffee88"),
        ("accent=plum", "", "accent="),
        ("accent='#7a1f5c;}'", "", "accent="),
        ("", ":root { --waymark-accent: #ffee88 }", "#ffee88"),
        ("", ":root { --waymark-accent: red }", "accent="),
    ],
)
def test_accent_that_is_no_good_is_passed_over(
    new_chat: NewChat, url: str, attributes: str, css: str, told: str
) -> None:
    chat = new_chat(is_bare=True)
    warned = warnings_of(chat)
    visit(chat, url, f"<waymark-chat {attributes}></waymark-chat>", css=css)

    assert chat.find(".launcher").evaluate(COLOUR) == OURS["light"]
    assert [line for line in warned if "Waymark" in line and told in line] == warned != []


def test_wrong_position_falls_back(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    warned = warnings_of(chat)
    visit(chat, url, "<waymark-chat position='middle'></waymark-chat>")
    box = chat.find(".launcher").bounding_box()

    assert box["x"] + box["width"] == 1280 - 16
    assert warned and all("position=" in line for line in warned)


@pytest.mark.parametrize("headline", ["x" * 41, "two\nlines"])
def test_wrong_headline_falls_back(new_chat: NewChat, url: str, headline: str) -> None:
    chat = new_chat(is_bare=True)
    warned = warnings_of(chat)
    visit(chat, url, f"<waymark-chat headline='{headline}'></waymark-chat>")
    chat.open()

    assert headline not in chat.find("h2").inner_text() != ""
    assert chat.page.get_by_role("region").get_attribute("aria-label") != headline
    assert warned and all("headline=" in line for line in warned)


@pytest.mark.parametrize(
    "address", ["javascript:document.title=1", "/elsewhere", "https://a b", "data:text/html,x"]
)
def test_wrong_way_out_falls_back(new_chat: NewChat, url: str, address: str) -> None:
    """Never to something that runs in the page, nor to another page of the same site."""
    chat = new_chat(is_bare=True)
    warned = warnings_of(chat)
    chat.page.route(
        f"{url}/page",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f"<!doctype html><title>A page</title><link rel=icon href='data:,'>{CONTENT}"
            f"<waymark-chat exit-url='{address}'></waymark-chat><script src=/widget.js></script>",
        ),
    )
    chat.page.goto(f"{url}/page")
    chat.open()

    for part in (".exit", ".spare"):
        assert chat.find(part).get_attribute("href") == "https://www.bbc.co.uk/weather"
    assert warned and all("exit-url=" in line for line in warned)
    neutral = "https://www.bbc.co.uk/weather"
    with chat.page.expect_event("requestfailed", lambda request: request.url == neutral):
        chat.find(".exit").click()
    chat.left.remove(neutral)


def test_attributes_of_the_script_tag_reach_the_element(new_chat: NewChat, url: str) -> None:
    chat = new_chat("/host?attributes=position=start data-headline=Question data-accent=%237a1f5c")

    assert chat.find(".launcher").bounding_box()["x"] == 16
    assert chat.find(".launcher").evaluate(COLOUR) == PLUM
    assert chat.page.get_by_role("region", name="Question").count() == 1

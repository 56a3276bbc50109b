"""How the widget and the page look: directions, widths, axe, no script, the built file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from chat_page import NewChat
from stub_server import ROOT, WIDGET

from web_widget.build import SHORTENED

WIDTHS = (320, 360, 1280)


SHEET = "document.querySelector('waymark-sheet').shadowRoot.textContent"


def test_print_shows_the_numbers_and_nothing_that_was_said(new_chat: NewChat) -> None:
    """A worker's notes are tests/web/test_worker.py's."""
    chat = new_chat()
    chat.page.evaluate(f"() => {{ window.print = () => {{ window.printed = {SHEET}; }}; }}")
    chat.open()
    chat.find(".choice >> text=Not always").first.click()
    chat.wait(4)
    chat.say("many", 5)
    chat.find("label.box").nth(1).click()
    chat.find("button[type=submit].choice").click()
    chat.wait(7)
    chat.find(".choice >> text=Skip").last.click()
    chat.wait(9)
    chat.say("print", 10)
    chat.find(".choice >> text=Print summary").click()
    printed = chat.page.evaluate("window.printed")
    chat.page.emulate_media(media="print")

    assert "call 111" in printed
    for said in ("Not always", "Hungry", "Skip", "many"):
        assert said not in printed
    assert chat.page.locator("main").is_hidden() and chat.find(".panel").is_hidden()
    assert chat.page.locator("waymark-sheet h2").is_visible()
    chat.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert chat.page.locator("waymark-sheet").count() == 0
    assert chat.page.locator("main").is_visible()


def test_right_to_left(new_chat: NewChat) -> None:
    chat = new_chat("/host?attributes=data-language=ar")
    launcher = chat.find(".launcher").bounding_box()
    chat.open()
    panel = chat.find(".panel").bounding_box()

    assert launcher["x"] < 40
    assert panel["x"] < 40
    assert chat.find(".panel").get_attribute("dir") == "rtl"


def test_launcher_follows_the_direction_of_the_page(new_chat: NewChat) -> None:
    chat = new_chat("/host?dir=rtl")

    assert chat.find(".launcher").bounding_box()["x"] < 40


def test_phone_numbers_keep_their_order_in_arabic(new_chat: NewChat) -> None:
    chat = new_chat("/host?attributes=data-language=ar")
    chat.open()
    number = chat.find(".reply .text .number").nth(1)

    assert number.inner_text() == "0000 000 000"
    assert number.get_attribute("dir") == "ltr"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(new_chat: NewChat, width: int, language: str) -> None:
    chat = new_chat(f"/?language={language}", viewport={"width": width, "height": 640})
    chat.wait()
    chat.say("many", 3)
    chat.say("urgent " + "x" * 200, 5)
    inner = "document.querySelector('waymark-chat').shadowRoot.querySelector('.scroller')"

    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    assert chat.page.evaluate(f"{inner}.scrollWidth - {inner}.clientWidth") == 0
    box = chat.find(".exit").bounding_box()
    assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert 0 <= box["y"] <= 200


@pytest.mark.parametrize("path", ["/?language={}", "/host?attributes=data-language={}"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_header_of_a_phone_is_one_row(new_chat: NewChat, path: str, language: str) -> None:
    chat = new_chat(path.format(language), viewport={"width": 360, "height": 640})
    if "host" in path:
        chat.find(".launcher").click()
    chat.wait()
    parts = chat.find(".header :is(.exit, select, .toggle, .close):visible").all()
    boxes = [part.bounding_box() for part in parts]

    assert len({box["y"] + box["height"] / 2 for box in boxes}) == 1
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    assert chat.find(".toggle").text_content()
    assert chat.find(".header h2").count() == 1


@pytest.mark.parametrize("path", ["/?language={}", "/host?attributes=data-language={}"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("width", "height"), [(360, 400), (360, 330), (640, 400)])
def test_way_out_and_box_stay_beside_an_open_keyboard(
    new_chat: NewChat, width: int, height: int, language: str, path: str
) -> None:
    """Also at a zoom of 200 %."""
    chat = new_chat(path.format(language), viewport={"width": width, "height": height})
    if "host" in path:
        chat.find(".launcher").click()
    chat.wait()
    chat.find("textarea").focus()
    chat.say("urgent", 4)
    boxes = {part: chat.find(part).bounding_box() for part in (".exit", "textarea", ".send")}
    call = chat.find(".urgent .card").bounding_box()

    for part, box in boxes.items():
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, part
    assert boxes[".exit"]["y"] + boxes[".exit"]["height"] <= call["y"]
    assert call["y"] + call["height"] <= boxes["textarea"]["y"]
    assert chat.find("textarea").get_attribute("placeholder")
    if "host" in path:
        close, phone = (chat.find(part).bounding_box() for part in (".close", ".toggle"))
        assert (close["x"] > phone["x"]) == (language == "en"), "closing is not at the end"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_large_letters_leave_room_for_what_to_call(new_chat: NewChat, language: str) -> None:
    """Letters of twice the size on a phone."""
    chat = new_chat(f"/?language={language}", viewport={"width": 360, "height": 740})
    chat.wait()
    chat.page.evaluate("document.documentElement.style.fontSize = '200%'")
    line = chat.find("textarea").bounding_box()["height"]
    chat.say("urgent", 4)
    exit_, call, box, send = (
        chat.find(part).bounding_box()
        for part in (".exit", ".urgent .text >> nth=0", "textarea", ".send")
    )

    assert exit_["y"] >= 0
    assert exit_["y"] + exit_["height"] <= call["y"] < box["y"]
    assert box["y"] + box["height"] <= 740 and line <= send["height"] * 1.2


def test_page_shrinks_when_a_keyboard_opens(new_chat: NewChat) -> None:
    """Else the keyboard lies on the box, and the way out is pushed off the screen."""
    chat = new_chat("/")

    viewport = chat.page.locator("meta[name=viewport]").get_attribute("content")

    assert "interactive-widget=resizes-content" in viewport


def test_nothing_of_the_page_s_style_leaks_in(new_chat: NewChat) -> None:
    chat = new_chat(bypass_csp=True)
    leaking = "font:italic 9px serif;line-height:3;visibility:hidden;hyphens:auto;user-select:none"
    leaking += ";word-break:break-all;text-shadow:1px 1px red;pointer-events:none;color:red"
    chat.page.add_style_tag(content=f"* {{{leaking}}}")
    chat.open()
    names = ("fontStyle", "visibility", "hyphens", "userSelect", "wordBreak", "textShadow")
    style = """(names) => {
      const text = document.querySelector('waymark-chat').shadowRoot.querySelector('.reply .text');
      return names.map((name) => getComputedStyle(text)[name]);
    }"""

    assert chat.page.evaluate(style, names) == [
        "normal",
        "visible",
        "manual",
        "auto",
        "normal",
        "none",
    ]


def test_size_of_text_does_not_shrink_with_the_page(new_chat: NewChat) -> None:
    chat = new_chat(bypass_csp=True)
    chat.page.add_style_tag(
        content="html{font-size:62.5%} p,button,textarea{font-size:8px!important}"
    )
    chat.open()
    size = "(selector) => getComputedStyle(document.querySelector('waymark-chat').shadowRoot.querySelector(selector)).fontSize"

    assert [chat.page.evaluate(size, part) for part in ("textarea", ".reply .text")] == [
        "16px",
        "16px",
    ]


def test_page_reads_without_script(new_chat: NewChat) -> None:
    chat = new_chat("/?language=es", java_script_enabled=False)
    page = chat.page

    assert page.title() == "Waymark"
    assert page.locator(".reading .card").first.get_attribute("href") == "tel:111"
    assert page.locator(".reading .card").first.is_visible()
    assert page.locator(".reading .questions li").count() == 7
    assert page.locator(".reading .way-out").get_attribute("href").endswith("/elsewhere")
    assert page.locator(".beside").is_hidden()
    page.locator("nav a >> text=English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_page_reads_when_the_script_does_not_come(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.route("**/widget.js", lambda route: route.abort())
    chat.page.goto(url)

    chat.page.locator(".reading .card").first.wait_for(state="visible")


def test_page_opens_the_chat_without_taking_the_focus(new_chat: NewChat) -> None:
    chat = new_chat("/")
    chat.wait()

    assert chat.page.evaluate("document.activeElement.localName") == "body"
    assert chat.page.locator(".reading").is_hidden()
    assert chat.page.locator(".beside .card").first.is_visible()
    assert chat.errors == []


def test_built_file_is_small_and_up_to_date() -> None:
    if not shutil.which("node") or not (ROOT / "node_modules" / "esbuild").exists():
        pytest.fail("node modules are not installed: `make browser` brings them")
    weighed = subprocess.run(
        [ROOT / "node_modules" / ".bin" / "size-limit", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    checked = subprocess.run(
        [sys.executable, WIDGET / "build.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [each["passed"] for each in json.loads(weighed.stdout)] == [True], weighed.stdout
    assert checked.stdout == ""


def test_no_phone_number_is_typed_into_the_sources() -> None:
    own = [file for end in ("*.js", "*.json", "*.css", "*.html") for file in Path(WIDGET).glob(end)]
    own += (ROOT / "bot" / "channels" / "templates").glob("*.html")

    assert [
        file.name
        for file in own
        if re.search(r"(?<![\w.])(999|112|0\d{3,})\b|tel:\d", file.read_text("utf-8"))
    ] == []


def test_every_string_is_used_and_every_note_has_its_string() -> None:
    strings = json.loads((WIDGET / "strings.json").read_text("utf-8"))
    notes = json.loads((WIDGET / "strings.notes.json").read_text("utf-8"))
    sources = "".join(file.read_text("utf-8") for file in WIDGET.glob("*.js"))
    sources += (WIDGET / "build.py").read_text("utf-8")
    for template in (ROOT / "bot" / "channels" / "templates").glob("*.html"):
        sources += template.read_text("utf-8")

    assert set(notes) - set(strings) == set()
    used = [key.replace("page_", r"t\.") for key in strings]
    assert [key for key in used if not re.search(rf"\b{key}\b", sources)] == []


MEMBERS = """(names) => {
  const known = new Set();
  for (const name of Object.getOwnPropertyNames(window)) {
    known.add(name);
    for (const part of [window[name], window[name]?.prototype]) {
      if (Object(part) === part) Object.getOwnPropertyNames(part).forEach((each) => known.add(each));
    }
  }
  return names.filter((name) => known.has(name));
}"""


def test_shortened_names_are_ours_alone(new_chat: NewChat) -> None:
    """A browser's own member, or a field of the API, would no longer be found under its name."""
    chat = new_chat()
    names = SHORTENED.split()
    api = (ROOT / "bot" / "channels" / "schemas.py").read_text("utf-8")

    assert chat.page.evaluate(MEMBERS, names) == []
    assert [name for name in names if re.search(rf"\b{name}\b", api)] == []
    attributes = json.loads((WIDGET / "attributes.json").read_text("utf-8"))
    strings = json.loads((WIDGET / "strings.json").read_text("utf-8"))
    assert set(names) & {*attributes, *strings} == set()

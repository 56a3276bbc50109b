"""The widget in a real browser against the stub: talking, failing, reading it out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from chat_page import NewChat
from flask import Flask
from stub_server import ROOT, WIDGET

WIDTHS = (320, 360, 1280)


def posted(stub: Flask, path: str = "/api/v1/messages") -> list[dict]:
    """What was sent to a path, in order."""
    return [entry["body"] for entry in stub.config["log"] if entry["method"] == "POST" and entry["path"] == path]


def test_click_opens_and_focuses_the_text(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()

    assert chat.page.evaluate("document.querySelector('waymark-chat').shadowRoot.activeElement.id") == "draft"
    assert chat.find(".panel").get_attribute("role") == "dialog"
    assert "a computer program" in chat.find(".reply").first.inner_text()


def test_keyboard_opens_closes_and_gives_the_focus_back(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    chat.wait()
    assert chat.find(".launcher").get_attribute("aria-expanded") == "true"

    chat.page.keyboard.press("Escape")

    assert chat.find(".panel").is_hidden()
    assert chat.page.url.endswith("/host")
    focused = "document.querySelector('waymark-chat').shadowRoot.activeElement.className"
    assert chat.page.evaluate(focused) == "launcher"


def test_focus_is_not_trapped(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    for _ in range(3):  # from the text: send, then out of the panel
        chat.page.keyboard.press("Tab")

    assert chat.page.evaluate("document.activeElement.localName") != "waymark-chat"


def test_panel_that_hides_the_focus_of_the_page_closes(new_chat: NewChat) -> None:
    chat = new_chat(viewport={"width": 360, "height": 700})
    chat.open()

    chat.page.locator("main a").focus()

    assert chat.find(".panel").is_hidden()


def test_text_is_sent_and_answered(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.find("textarea").fill("first line")
    chat.find("textarea").press("Shift+Enter")
    chat.find("textarea").press_sequentially("second")
    chat.find("textarea").press("Enter")
    chat.wait(4)

    assert posted(stub) == [{"text": "first line\nsecond"}]
    assert chat.find("textarea").input_value() == ""
    assert chat.find(".own").inner_text().endswith("first line\nsecond")


def test_choice_is_marked_and_the_rest_switched_off(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.find(".choice >> text=Not always").click()
    chat.wait(4)
    buttons = chat.find(".choices").first.locator("button")

    assert posted(stub) == [{"choice": '/answer{"feels_safe":"sometimes"}'}]
    assert buttons.nth(1).get_attribute("aria-pressed") == "true"
    assert [buttons.nth(n).is_disabled() for n in (0, 2, 3)] == [True, True, True]
    assert chat.page.evaluate("document.querySelector('waymark-chat').shadowRoot.activeElement.value")
    buttons.nth(1).click(force=True)
    assert len(posted(stub)) == 1


def test_several_boxes_are_sent_together(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.say("many", 3)
    send = chat.find("button[type=submit].choice")
    send.click()
    assert "Choose one" in chat.find("[role=status].status").inner_text()

    chat.find("label.box").nth(0).click()
    chat.find("label.box").nth(2).click()
    send.click()
    chat.wait(5)

    assert posted(stub)[-1] == {"choices": ['/answer{"noticed":"Tired"}', '/answer{"noticed":"Watched"}']}


OBSERVE = """() => {
  const root = document.querySelector('waymark-chat').shadowRoot;
  window.heard = {log: [], alert: []};
  for (const role of ['log', 'alert']) {
    const watch = new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {
      if (node.ariaLive !== 'off') window.heard[role].push(node.textContent);
    })));
    watch.observe(root.querySelector(`[role=${role}]`), {childList: true});
  }
}"""


def test_each_reply_is_announced_once(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.page.evaluate(OBSERVE)
    chat.say("hello", 4)
    heard = chat.page.evaluate("window.heard")

    assert [text[:27] for text in heard["log"]] == ["Waymark says:Thank you. Tha", "Waymark says:Do you feel sa"]
    assert heard["alert"] == []


def test_urgent_reply_is_announced_at_once_and_once(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.page.evaluate(OBSERVE)
    chat.say("urgent", 4)
    heard = chat.page.evaluate("window.heard")

    assert heard["alert"] == ["Call 111 now."]
    assert [text for text in heard["log"] if "111" in text] == []
    assert chat.find(".urgent .card").get_attribute("href") == "tel:111"


def test_links_lead_only_where_their_kind_says(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("web", 3)
    cards = chat.find(".reply >> nth=-1").locator("a")

    assert [cards.nth(n).get_attribute("href") for n in range(cards.count())] == ["https://example.org/", "sms:000"]
    assert cards.first.get_attribute("rel") == "noreferrer noopener"
    assert cards.first.bounding_box()["height"] >= 44


def test_failure_keeps_the_draft_and_retry_sends_it_once(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    stub.config["modes"].append("broken")
    chat.find("textarea").fill("keep me")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    assert chat.find("textarea").input_value() == "keep me"
    assert chat.find(".own").count() == 0

    chat.find(".problem button").click()
    chat.wait(4)

    assert posted(stub) == [{"text": "keep me"}, {"text": "keep me"}]
    assert chat.find("textarea").input_value() == ""


def test_failed_choice_can_be_chosen_again(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    stub.config["modes"].append("too_many")
    chat.find(".choice >> text=Yes").first.click()
    chat.find(".problem").wait_for()

    assert "wait a moment" in chat.find(".status").inner_text()
    assert chat.find(".choice >> text=Yes").first.is_enabled()


def test_expired_conversation_starts_afresh_and_keeps_the_draft(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    stub.config["modes"].append("expired")
    chat.say("still here", 5)

    assert chat.find("textarea").input_value() == "still here"
    assert chat.find(".reply >> text=This chat had ended").count() == 1
    assert len(posted(stub)) == 1
    assert len(posted(stub, "/api/v1/conversations")) == 2


def test_double_click_and_double_enter_send_once(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    stub.config["delay_s"] = 0.15
    chat.find(".choice >> text=Yes").first.dblclick()
    chat.wait(4)
    chat.find("textarea").fill("once")
    chat.find("textarea").press("Enter")
    chat.find("textarea").press("Enter")
    chat.wait(6)

    assert len(posted(stub)) == 2


def test_deleted_chat_is_gone_from_the_screen_and_the_next_message_starts_one(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    chat.find("textarea").fill("delete")
    chat.find("textarea").press("Enter")
    chat.find(".reply >> text=This chat is deleted").wait_for()
    assert "a secret" not in chat.find(".log").inner_text()

    chat.say("hello again", 5)

    assert len(posted(stub, "/api/v1/conversations")) == 2
    assert posted(stub)[-1] == {"text": "hello again"}


def test_language_can_change_in_the_middle(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.find("select").select_option("ar")
    chat.wait(4)

    assert posted(stub) == [{"choice": '/change_language{"language":"ar"}'}]
    assert chat.find(".panel").get_attribute("dir") == "rtl"
    assert chat.find(".panel").get_attribute("lang") == "ar"
    assert chat.find(".reply").nth(2).get_attribute("lang") == "ar"
    assert chat.find(".reply").nth(0).get_attribute("lang") == "en"


def test_server_down_at_the_start_shows_the_numbers_of_the_directory(new_chat: NewChat, stub: Flask) -> None:
    stub.config["modes"].append("down")
    chat = new_chat()
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()
    cards = chat.find(".problem .card")
    built_in = re.findall(r'"href": "(tel:\d+)"', (WIDGET / "generated" / "offline.js").read_text("utf-8"))
    assert [cards.nth(n).get_attribute("href") for n in range(2)] == built_in

    stub.config["modes"].clear()
    chat.find(".problem button").click()
    chat.wait()

    assert chat.find(".problem").count() == 0


def test_numbers_are_one_touch_away(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.find(".plain >> text=Phone numbers").click()

    assert chat.find(".numbers .card").count() == 2
    assert chat.find(".numbers .card").first.is_visible()


SUMMARY = "document.querySelector('waymark-summary').shadowRoot.textContent"


def test_print_shows_only_what_was_ticked_and_the_numbers(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.page.evaluate(f"() => {{ window.print = () => {{ window.printed = {SUMMARY}; }}; }}")
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

    assert "Do you feel safe?Not always" in printed
    assert "What did you notice?Hungry" in printed
    assert "Skip" not in printed and "many" not in printed and "Tired" not in printed
    assert "call 111" in printed
    assert chat.page.locator("main").is_hidden() and chat.find(".panel").is_hidden()
    assert chat.page.locator("waymark-summary h1").is_visible()
    chat.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert chat.page.locator("waymark-summary").count() == 0
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
    number = chat.find(".reply .number").last

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
    assert box["height"] >= 44 and 0 <= box["x"] and box["x"] + box["width"] <= width
    assert 0 <= box["y"] <= 200


def test_way_out_stays_on_a_very_low_screen(new_chat: NewChat) -> None:
    chat = new_chat(viewport={"width": 320, "height": 256})
    chat.open()
    chat.say("many", 3)
    box = chat.find(".exit").bounding_box()

    assert 0 <= box["y"] and box["y"] + box["height"] <= 256
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_size_of_text_does_not_shrink_with_the_page(new_chat: NewChat) -> None:
    chat = new_chat(bypass_csp=True)
    chat.page.add_style_tag(content="html{font-size:62.5%} p,button,textarea{font-size:8px!important}")
    chat.open()
    size = "(selector) => getComputedStyle(document.querySelector('waymark-chat').shadowRoot.querySelector(selector)).fontSize"

    assert [chat.page.evaluate(size, part) for part in ("textarea", ".reply .text")] == ["16px", "16px"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(new_chat: NewChat, stub: Flask, language: str, scheme: str) -> None:
    chat = new_chat(f"/host?attributes=data-language={language}", color_scheme=scheme, bypass_csp=True)
    assert {"closed": chat.axe()} == {"closed": []}
    chat.open()
    assert {"open": chat.axe()} == {"open": []}
    chat.find(".tools .plain").click()
    chat.find(".choice").first.click()
    chat.wait(4)
    chat.say("many", 5)
    assert {"reply": chat.axe()} == {"reply": []}
    chat.say("urgent", 7)
    assert {"urgent": chat.axe()} == {"urgent": []}
    stub.config["modes"].append("broken")
    chat.find("textarea").fill("oh")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    assert {"error": chat.axe()} == {"error": []}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_the_page(new_chat: NewChat, language: str) -> None:
    chat = new_chat(f"/?language={language}", bypass_csp=True)
    chat.wait()

    assert chat.axe() == []


def test_page_reads_without_script(new_chat: NewChat) -> None:
    chat = new_chat("/?language=es", java_script_enabled=False)
    page = chat.page

    assert page.title() == "Waymark"
    assert page.locator(".reading .card").first.get_attribute("href") == "tel:111"
    assert page.locator(".reading .card").first.is_visible()
    assert page.locator(".reading .questions li").count() == 7
    assert page.locator(".way-out").get_attribute("href").endswith("/elsewhere")
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
    """Needs node, as building does."""
    if not shutil.which("node") or not (ROOT / "node_modules" / "esbuild").exists():
        pytest.skip("node modules are not installed")
    size = "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync(process.argv[1])).length)"
    done = subprocess.run(["node", "-e", size, WIDGET / "dist" / "widget.js"], capture_output=True, text=True, check=True)
    checked = subprocess.run(["python", WIDGET / "build.py", "--check"], capture_output=True, text=True, check=False)

    assert int(done.stdout) <= 20_000
    assert checked.stdout == ""


def test_no_phone_number_is_typed_into_the_sources() -> None:
    own = [file for end in ("*.js", "*.json", "*.css", "*.html") for file in Path(WIDGET).glob(end)]
    own.append(ROOT / "bot" / "channels" / "templates" / "page.html")

    assert [file.name for file in own if re.search(r"\b(999|112|0\d{3,})\b|tel:\d", file.read_text("utf-8"))] == []


def test_every_string_is_used_and_every_note_has_its_string() -> None:
    strings = json.loads((WIDGET / "strings.json").read_text("utf-8"))
    notes = json.loads((WIDGET / "strings.notes.json").read_text("utf-8"))
    sources = "".join(file.read_text("utf-8") for file in WIDGET.glob("*.js"))
    sources += (WIDGET / "build.py").read_text("utf-8")
    sources += (ROOT / "bot" / "channels" / "templates" / "page.html").read_text("utf-8")

    assert set(notes) - set(strings) == set()
    assert [key for key in strings if not re.search(rf"\b{key}\b", sources)] == []


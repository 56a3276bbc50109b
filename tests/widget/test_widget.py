"""The widget in a real browser against the stub: talking, failing, reading it out."""

from __future__ import annotations

import re

import pytest
from chat_page import NewChat
from flask import Flask
from stub_server import WIDGET

from bot.channels.schemas import MAX_TEXT_CHARS


def posted(stub: Flask, path: str = "/api/v1/messages") -> list[dict]:
    """What was sent to a path, in order."""
    return [
        entry["body"]
        for entry in stub.config["log"]
        if entry["method"] == "POST" and entry["path"] == path
    ]


def test_click_opens_and_focuses_the_text(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()

    assert (
        chat.page.evaluate("document.querySelector('waymark-chat').shadowRoot.activeElement.id")
        == "draft"
    )
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
    assert chat.page.evaluate(
        "document.querySelector('waymark-chat').shadowRoot.activeElement.value"
    )
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

    assert posted(stub)[-1] == {
        "choices": ['/answer{"noticed":"Tired"}', '/answer{"noticed":"Watched"}']
    }


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

    assert [text[:27] for text in heard["log"]] == [
        "Waymark says:Thank you. Tha",
        "Waymark says:Question 2 of ",
    ]
    assert heard["alert"] == []


def test_urgent_reply_is_announced_at_once_and_once(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.page.evaluate(OBSERVE)
    chat.say("urgent", 4)
    heard = chat.page.evaluate("window.heard")

    assert heard["alert"] == ["Call 111 now.Go to a shop."]
    assert [text for text in heard["log"] if "111" in text] == []


def test_call_of_an_urgent_reply_stands_below_its_first_line(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("urgent", 4)
    first, rest = chat.find(".urgent .text").all()
    call = chat.find(".urgent .card")
    tops = [part.bounding_box()["y"] for part in (first, call, rest)]
    weights = [part.evaluate("(p) => +getComputedStyle(p).fontWeight") for part in (first, rest)]

    assert call.get_attribute("href") == "tel:111"
    assert (first.inner_text(), rest.inner_text()) == ("Call 111 now.", "Go to a shop.")
    assert tops == sorted(tops)
    assert weights == [700, 400]


def test_each_line_has_its_own_direction(new_chat: NewChat) -> None:
    chat = new_chat("/host?attributes=data-language=ar")
    chat.open()
    chat.say("mixed", 3)
    directions = "(all) => all.map((one) => getComputedStyle(one).direction)"
    bidi = "(all) => all.map((one) => getComputedStyle(one).unicodeBidi)"

    assert chat.find(".reply").last.get_attribute("dir") == "rtl"
    assert chat.find(".reply >> nth=-1").locator(".line").evaluate_all(directions) == [
        "rtl",
        "ltr",
        "rtl",
        "rtl",
    ]
    assert chat.find(".reply >> nth=-1").locator(".line").evaluate_all(bidi) == [
        "isolate",
        "plaintext",
        "isolate",
        "isolate",
    ]
    assert chat.find(".own .line").evaluate_all(directions) == ["ltr"]


def test_links_lead_only_where_their_kind_says(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("web", 3)
    cards = chat.find(".reply >> nth=-1").locator("a")

    assert [cards.nth(n).get_attribute("href") for n in range(cards.count())] == [
        "https://example.org/",
        "sms:000",
    ]
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
    assert [card.get_attribute("href") for card in chat.find(".problem .card").all()] == [
        "tel:111",
        "tel:0000000000",
    ]

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


def test_expired_conversation_starts_afresh_and_keeps_the_draft(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.open()
    stub.config["modes"].append("expired")
    chat.say("still here", 5)

    assert chat.find("textarea").input_value() == "still here"
    assert chat.find(".reply >> text=This chat had ended").count() == 1
    assert len(posted(stub)) == 1
    assert len(posted(stub, "/api/v1/conversations")) == 2


FOCUSED = "document.querySelector('waymark-chat').shadowRoot.activeElement?.className"


def test_focus_survives_a_chat_that_is_deleted(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("ending", 3)
    chat.find("button[value='/delete_chat']").focus()
    chat.page.keyboard.press("Enter")
    chat.find(".end").wait_for()

    assert chat.page.evaluate(FOCUSED) == "scroller"


def test_focus_survives_enter_on_a_box(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("many", 3)
    chat.find("label.box input").first.focus()
    chat.page.keyboard.press("Space")
    chat.page.keyboard.press("Enter")
    chat.wait(5)

    assert chat.page.evaluate(FOCUSED) == "choice strong"


def test_focus_survives_a_choice_that_is_switched_off_under_it(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.open()
    stub.config["delay_s"] = 0.3
    chat.find("textarea").fill("hello")
    chat.find("textarea").press("Enter")
    chat.find(".choice").first.focus()
    chat.wait(4)

    assert chat.page.evaluate(FOCUSED) == "scroller"


def test_pasted_text_is_sent_whole(new_chat: NewChat, stub: Flask) -> None:
    """The server takes 10,000 characters; a shorter limit would cut the end and say nothing."""
    chat = new_chat()
    chat.open()
    chat.find("textarea").focus()
    chat.page.keyboard.insert_text("a " * 3000 + "the end")
    chat.find("textarea").press("Enter")
    chat.wait(4)

    assert posted(stub)[-1]["text"].endswith("the end")
    assert chat.find("textarea").get_attribute("maxlength") == str(MAX_TEXT_CHARS)


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


def test_skipping_is_a_button_beside_the_boxes(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.say("many", 3)
    assert chat.find("label.box").count() == 3
    assert chat.find("form .choices button").all_inner_texts() == ["Send my choices", "Skip"]

    chat.find("label.box").first.click()
    chat.find("form .choice >> text=Skip").click()
    chat.wait(5)

    assert posted(stub)[-1] == {"choice": "/skip_question"}
    assert chat.find("form button[type=submit].choice").is_disabled()
    assert chat.find("form button[aria-pressed=true]").inner_text() == "Skip"


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
    assert chat.find(".end button").all_inner_texts() == ["Start again", "Leave now"]

    chat.say("hello again", 5)

    assert len(posted(stub, "/api/v1/conversations")) == 2
    assert posted(stub)[-1] == {"text": "hello again"}
    assert chat.find(".end").count() == 0


def test_deleted_chat_can_start_again_or_be_left(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.say("delete", 1)
    chat.find(".end").wait_for()
    chat.find(".end >> text=Start again").click()
    chat.wait(2)
    assert chat.find(".reply >> text=This chat is deleted").count() == 0
    assert len(posted(stub, "/api/v1/conversations")) == 2

    chat.say("delete", 1)
    chat.find(".end >> text=Leave now").click()

    chat.page.wait_for_url("**/elsewhere")


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


def test_server_down_at_the_start_shows_the_numbers_of_the_directory(
    new_chat: NewChat, stub: Flask
) -> None:
    stub.config["modes"].append("down")
    chat = new_chat()
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()
    cards = chat.find(".problem .card")
    built_in = re.findall(
        r'"href": "(tel:\d+)"', (WIDGET / "generated" / "offline.js").read_text("utf-8")
    )
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


@pytest.mark.parametrize(("language", "size"), [("en", 16), ("es", 16), ("ar", 18)])
def test_small_scripts_are_larger(new_chat: NewChat, language: str, size: int) -> None:
    chat = new_chat(locale=language)
    chat.open()

    style = (
        "(node) => [parseFloat(getComputedStyle(node).fontSize), getComputedStyle(node).lineHeight]"
    )
    shown, height = chat.find(".reply .text").first.evaluate(style)
    assert shown == size
    assert float(height.removesuffix("px")) / shown == (1.75 if size == 18 else 1.5)


def test_wrong_values_of_attributes_are_passed_over_and_told_the_host(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat(is_bare=True)
    told: list[str] = []
    chat.page.on("console", lambda message: told.append(message.text))
    chat.page.goto(url + "/host")
    chat.page.evaluate(
        """() => {
          const chat = document.querySelector('waymark-chat');
          chat.setAttribute('route', 'nonsense');
          chat.setAttribute('borough', 'No such <place>');
          chat.remove();
          document.body.append(chat);
        }"""
    )
    chat.open()

    start = next(e for e in stub.config["log"] if e["path"] == "/api/v1/conversations")
    assert not {"route", "borough"} & set(start["body"] or {})
    assert [line for line in told if "nonsense" in line]
    assert chat.find(".reply").count() >= 2

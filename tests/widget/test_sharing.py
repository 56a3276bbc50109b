"""Several widgets in one page, elements that come and go, and what their attributes promise."""

from __future__ import annotations

import pytest
from chat_page import Chat, NewChat
from flask import Flask
from host_styles import visit
from playwright.sync_api import CDPSession

TWO = """<waymark-chat id=floating></waymark-chat>
<waymark-chat id=inline inline style='display:block;height:500px'></waymark-chat>"""


def sent_by(chat: Chat) -> list[str]:
    """How this page asks about conversations, as it grows: POST begins one, DELETE erases it.

    Not the log of the stub, where the page of the test before may still say that it goes.
    """
    found: list[str] = []
    chat.page.on(
        "request",
        lambda request: (
            found.append(request.method) if request.url.endswith("/api/v1/conversations") else None
        ),
    )
    return found


def wait_in(chat: Chat, name: str, count: int) -> None:
    """Wait until the element with this id shows so many replies, and nothing is on its way."""
    chat.page.wait_for_function(
        """([name, count]) => {
          const root = document.getElementById(name).shadowRoot;
          return root.querySelectorAll('.reply').length >= count && !root.querySelector('.writing');
        }""",
        arg=[name, count],
    )


def test_two_widgets_share_one_conversation(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url, TWO)
    chat.page.evaluate("""() => {
      window.told = [];
      for (const name of ['waymark:open', 'waymark:close'])
        addEventListener(name, ({target}) => told.push(`${target.id} ${name.slice(8)}`));
    }""")
    floating, inline = (
        chat.page.locator(f"waymark-chat#{name}") for name in ("floating", "inline")
    )
    chat.page.wait_for_timeout(200)
    assert [address for address in chat.requests if "/api/" in address] == []
    inline.locator(".launcher").click()
    wait_in(chat, "inline", 2)
    inline.locator("textarea").fill("a word")
    inline.locator("textarea").press("Enter")
    wait_in(chat, "inline", 4)
    inline.locator("textarea").fill("half a word")
    transcript = inline.locator(".log").inner_html()

    assert inline.locator(".launcher").is_hidden() and floating.locator(".launcher").is_visible()
    floating.locator(".launcher").click()

    assert floating.locator(".log").inner_html() == transcript
    assert floating.locator("textarea").input_value() == "half a word"
    assert floating.locator(".panel").get_attribute("role") == "dialog"
    assert floating.locator(".close").is_visible() and floating.locator(".launcher").is_hidden()
    assert inline.locator(".launcher").is_visible() and inline.locator(".panel").count() == 0
    assert inline.locator(".launcher").get_attribute("aria-expanded") == "false"
    inline.locator(".launcher").click()
    assert inline.locator(".log").inner_html() == transcript
    assert inline.locator(".panel").get_attribute("role") is None
    assert [line for line in chat.page.evaluate("told") if "open" in line] == [
        "inline open",
        "floating open",
        "inline open",
    ]
    assert sent == ["POST"]
    assert chat.errors == []


def test_a_widget_that_goes_takes_the_conversation_only_if_it_shows_it(
    new_chat: NewChat, url: str
) -> None:
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url, TWO)
    chat.page.locator("#inline .launcher").click()
    wait_in(chat, "inline", 2)
    chat.page.evaluate("document.querySelector('#floating').remove()")
    chat.page.wait_for_timeout(100)
    assert chat.page.locator("#inline .reply").count() == 2 and sent == ["POST"]

    with chat.page.expect_request(lambda request: request.method == "DELETE"):
        chat.page.evaluate("document.querySelector('#inline').remove()")
    assert chat.page.locator("waymark-chat").count() == 0


def test_axe_finds_nothing_with_two_widgets(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    visit(chat, url, TWO)
    chat.page.locator("#inline .launcher").wait_for()
    regions = chat.page.get_by_role("region").all()
    names = [region.get_attribute("aria-label") for region in regions]

    assert len(names) == 2 and len(set(names)) == 2 and all(names)
    assert {"closed": chat.axe()} == {"closed": []}
    for name in ("inline", "floating"):
        chat.page.locator(f"#{name} .launcher").click()
        wait_in(chat, name, 2)
        assert {name: chat.axe()} == {name: []}
        names = [region.get_attribute("aria-label") for region in regions]
        assert len(set(names)) == 2


def counters(session: CDPSession) -> dict[str, int]:
    """How many documents, nodes and listeners the page still holds."""
    for _ in range(3):  # what one sweep frees can hold the next
        session.send("HeapProfiler.collectGarbage")
    return session.send("Memory.getDOMCounters")


@pytest.mark.parametrize("attribute", ["", "inline"])
def test_coming_and_going_leaves_nothing_behind(
    new_chat: NewChat, url: str, attribute: str
) -> None:
    """As in an application of one page, which draws its views again and again."""
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url)
    chat.page.evaluate("document.querySelector('waymark-chat').remove()")
    session = chat.page.context.new_cdp_session(chat.page)
    held = {}
    for round_ in range(1, 31):
        chat.page.evaluate(
            """(attribute) => {
              const chat = document.createElement('waymark-chat');
              if (attribute) chat.setAttribute(attribute, '');
              document.querySelector('main').append(chat);
              chat.open();
            }""",
            attribute,
        )
        chat.wait()
        with chat.page.expect_response(lambda response: response.request.method == "DELETE"):
            chat.page.evaluate("document.querySelector('waymark-chat').remove()")
        if round_ in (5, 30):
            held[round_] = counters(session)

    assert sent == ["POST", "DELETE"] * 30
    assert held[30]["documents"] <= held[5]["documents"]
    assert held[30]["nodes"] <= held[5]["nodes"] + 20
    assert held[30]["jsEventListeners"] <= held[5]["jsEventListeners"] + 5
    assert chat.errors == []


@pytest.mark.parametrize("attribute", ["", "inline"])
def test_an_element_that_moves_keeps_its_conversation(
    new_chat: NewChat, url: str, attribute: str
) -> None:
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url, f"<waymark-chat {attribute}></waymark-chat>")
    chat.open()
    chat.say("a word", 4)
    chat.find("textarea").fill("half a word")
    transcript = chat.find(".log").inner_html()
    for parent in ("main", "footer"):
        chat.page.evaluate(
            f"document.querySelector('{parent}').append(document.querySelector('waymark-chat'))"
        )
        chat.page.wait_for_timeout(100)
        assert chat.find(".log").inner_html() == transcript
        assert chat.find("textarea").input_value() == "half a word"
        assert chat.find(".panel").is_visible() and chat.find(".launcher").is_hidden()
        box = chat.find(".exit").bounding_box()
        assert box["height"] >= 44
    assert sent == ["POST"]
    chat.say("another", 6)
    assert chat.errors == []


LAST_IS_SEEN = """(name) => {
  const root = document.getElementById(name).shadowRoot;
  const {top, bottom} = [...root.querySelectorAll('.reply')].pop().getBoundingClientRect();
  const box = root.querySelector('.scroller').getBoundingClientRect();
  return top < box.bottom && bottom > box.top;
}"""


@pytest.mark.parametrize("way", ["shared", "moved"])
def test_messages_stay_scrolled_to_the_last(new_chat: NewChat, url: str, way: str) -> None:
    """Whoever opens it elsewhere goes on where they were, not at the welcome."""
    chat = new_chat(is_bare=True)
    visit(chat, url, TWO)
    chat.page.locator("#inline .launcher").click()
    wait_in(chat, "inline", 2)
    for count in range(4, 16, 2):
        chat.page.locator("#inline textarea").fill("a word")
        chat.page.locator("#inline textarea").press("Enter")
        wait_in(chat, "inline", count)
    assert chat.page.evaluate(LAST_IS_SEEN, "inline")
    if way == "shared":
        chat.page.locator("#floating .launcher").click()
    else:
        chat.page.evaluate("document.body.append(document.querySelector('#inline'))")

    chat.page.wait_for_function(LAST_IS_SEEN, arg="floating" if way == "shared" else "inline")


def test_an_element_that_goes_while_it_begins_leaves_nothing_on_the_server(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url)
    stub.config["delay_s"] = 0.3
    with chat.page.expect_request("**/conversations"):
        chat.page.evaluate("document.querySelector('waymark-chat').open()")
    with chat.page.expect_request(lambda request: request.method == "DELETE"):
        chat.page.evaluate("document.querySelector('waymark-chat').remove()")

    assert sent == ["POST", "DELETE"]


def test_an_element_that_came_back_is_a_fresh_one(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    sent = sent_by(chat)
    visit(chat, url)
    chat.open()
    chat.say("a secret", 4)
    with chat.page.expect_request(lambda request: request.method == "DELETE"):
        chat.page.evaluate("""() => {
          window.kept = document.querySelector('waymark-chat');
          kept.remove();
        }""")
    assert "secret" not in chat.page.evaluate("kept.shadowRoot.innerHTML")
    chat.page.evaluate("document.body.append(kept)")

    assert chat.find(".panel").count() == 0
    chat.open()
    assert "secret" not in chat.find(".log").inner_html()
    assert sent == ["POST", "DELETE", "POST"]

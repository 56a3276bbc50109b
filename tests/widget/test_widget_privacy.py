"""What the widget must leave behind: nothing. Leaving quickly, storage, other people's servers."""

from __future__ import annotations

import pytest
from chat_page import Chat, NewChat
from flask import Flask
from stub_server import MARKUP, is_erased

STORED = """async () => [
  document.cookie, Object.keys(localStorage), Object.keys(sessionStorage),
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
].flat()"""


def leave(chat: Chat) -> None:
    """Wait for the neutral page."""
    chat.page.wait_for_url("**/elsewhere")


def assert_still_there(chat: Chat) -> None:
    """A page that is being left would answer no more."""
    chat.say("hello", 4)
    assert chat.page.url.endswith("/host")


def test_nothing_is_asked_or_stored_before_it_is_opened(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat()
    chat.find(".launcher").wait_for()
    chat.page.wait_for_timeout(200)

    assert stub.config["log"] == []
    assert [
        address.removeprefix(url) for address in chat.requests if address.startswith("http")
    ] == ["/host", "/widget.js"]
    assert chat.page.evaluate(STORED) == ["", 0, 0, 0]


def test_nothing_is_stored_and_nobody_else_is_asked(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    chat.find(".choice").last.click()
    chat.wait(6)

    assert chat.page.evaluate(STORED) == ["", 0, 0, 0]
    assert [a for a in chat.requests if not a.startswith((url, "data:"))] == []
    assert {entry["cookie"] for entry in stub.config["log"]} == {None}
    assert {entry["referer"] for entry in stub.config["log"]} == {None}
    assert [
        entry["path"]
        for entry in stub.config["log"]
        if "token" in entry["path"] or "secret" in entry["path"]
    ] == []
    assert chat.errors == []


def test_content_security_policy_is_kept(new_chat: NewChat, url: str) -> None:
    """Under `default-src 'none'`, with no inline style or script."""
    chat = new_chat(is_bare=True)
    chat.page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (event) => window.broken.push(event.violatedDirective + event.blockedURI))"
    )
    for path in ("/host", "/"):
        chat.page.goto(url + path)
        if path == "/host":
            chat.open()
        chat.wait()
        chat.say("urgent", 4)
        assert chat.page.evaluate("window.broken") == []


def test_leaving_wipes_and_goes(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat("/elsewhere")
    chat.page.goto(chat.page.url.replace("elsewhere", "host"))
    chat.open()
    chat.say("a secret", 4)
    chat.find("textarea").fill("half a secret")
    chat.find(".exit").click()
    leave(chat)

    assert is_erased(stub)
    chat.page.go_back()
    assert chat.page.url.endswith("/elsewhere")
    assert "secret" not in chat.page.content()


def deleted_at(stub: Flask) -> str:
    """The path by which the conversation was erased."""
    assert is_erased(stub)
    path: str = next(each["path"] for each in stub.config["log"] if each["method"] == "DELETE")
    return path


def test_leaving_asks_to_delete(new_chat: NewChat, stub: Flask) -> None:
    """So that it is not counted either, where the operator counts (bot/tallies/counting.py)."""
    chat = new_chat()
    chat.open()
    chat.find(".exit").click()
    leave(chat)

    assert deleted_at(stub) == "/api/v1/conversations"


def test_going_to_another_page_forgets_and_does_not_ask_to_delete(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.open()
    chat.wait()
    chat.page.goto(chat.page.url.replace("host", "elsewhere"))

    assert deleted_at(stub) == "/api/v1/conversations?closed=1"


def test_the_site_that_is_gone_to_is_not_told_where_the_person_was(new_chat: NewChat) -> None:
    chat = new_chat()
    told: list[str | None] = []
    chat.page.on(
        "request",
        lambda request: (
            told.append(request.all_headers().get("referer"))
            if request.url.endswith("/elsewhere")
            else None
        ),
    )
    chat.open()
    chat.find(".exit").click()
    leave(chat)

    assert told == [None]


def test_page_is_blank_and_untitled_before_it_goes(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    title, text, top = chat.page.evaluate("""() => {
      const root = document.querySelector('waymark-chat').shadowRoot;
      root.querySelector('.exit').click();
      return [document.title, root.textContent, root.elementFromPoint(200, 40).className];
    }""")

    assert (title, text, top) == ("Loading", "Loading", "blank")


def test_page_kept_by_the_browser_shows_nothing_typed(new_chat: NewChat) -> None:
    """Back after any way out, also one that the widget did not start."""
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    chat.find("textarea").fill("half a secret")
    chat.page.evaluate("""() => {
      window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
      window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
    }""")
    root = "document.querySelector('waymark-chat').shadowRoot"

    assert "secret" not in chat.page.evaluate(f"{root}.innerHTML")
    assert chat.find("textarea, .panel").count() == 0
    assert chat.find(".launcher").is_visible()
    chat.page.goto(chat.page.url.replace("host", "elsewhere"))
    chat.page.go_back()
    assert "secret" not in chat.page.evaluate(f"{root}.innerHTML")


def test_three_shifts_leave(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    said = []
    for _ in range(2):
        chat.page.keyboard.press("Shift")
        said.append(chat.find(".root > [role=status]").inner_text())
    assert said == ["Shift. Press 2 more times to leave.", "Shift. Press 1 more time to leave."]

    chat.page.keyboard.press("Shift")

    leave(chat)


def test_a_page_that_has_such_keys_itself_keeps_them(new_chat: NewChat) -> None:
    """GOV.UK's Exit this page: it leaves by itself, and the chat is wiped as the page goes."""
    chat = new_chat()
    chat.page.evaluate("document.body.dataset.govukFrontendExitThisPageKeypress = 'true'")
    chat.open()
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    assert chat.find(".root > [role=status]").inner_text() == ""

    assert_still_there(chat)


def test_other_keys_and_capital_letters_do_not_leave(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    for key in ("Shift", "Shift", "a", "Shift", "Shift+B", "Shift+C", "Shift+D", "Shift", "Shift"):
        chat.page.keyboard.press(key)

    assert_still_there(chat)


@pytest.mark.parametrize("other", ["Alt", "Control", "Meta"])
def test_changing_the_keyboard_s_language_does_not_leave(new_chat: NewChat, other: str) -> None:
    """Alt or Ctrl held, Shift pressed again and again: people with two alphabets do that."""
    chat = new_chat()
    chat.open()
    chat.page.keyboard.down(other)
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    chat.page.keyboard.up(other)

    assert_still_there(chat)


def test_shifts_from_inside_the_box_leave(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.find("textarea").fill("half a secret")
    for _ in range(3):
        chat.find("textarea").press("Shift")

    leave(chat)


def test_nothing_of_the_page_covers_the_blank(new_chat: NewChat) -> None:
    """Not a banner on top of everything, and not the box that the chat stands in."""
    chat = new_chat("/host?attributes=data-inline data-open")
    chat.wait()
    top = chat.page.evaluate("""() => {
      const banner = document.createElement('div');
      banner.style.cssText = 'position:fixed;inset:0 0 auto;height:90px;z-index:2147483647';
      document.body.append(banner);
      const chat = document.querySelector('waymark-chat');
      chat.style.cssText = 'height:300px;transform:translateY(20px);overflow:hidden';
      chat.shadowRoot.querySelector('.exit').click();
      return [[9, 9], [640, 780]].map((at) => document.elementFromPoint(...at)?.localName);
    }""")

    assert top == ["waymark-chat", "waymark-chat"]


def test_what_is_typed_is_kept_from_the_browser_s_helpers(new_chat: NewChat) -> None:
    """Checking, finishing and translating can happen on other people's servers."""
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    names = ("autocomplete", "spellcheck", "writingsuggestions", "translate", "data-gramm")

    assert [chat.find("textarea").get_attribute(name) for name in names] == [
        "off",
        "false",
        "false",
        "no",
        "false",
    ]
    assert chat.find(".own .text").get_attribute("translate") == "no"
    assert chat.find(".reply .text").first.get_attribute("translate") is None


def test_shift_does_nothing_before_it_is_opened(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.find(".launcher").wait_for()
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    chat.open()

    assert_still_there(chat)


def test_slow_shifts_do_not_leave(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    chat.open()
    chat.page.keyboard.press("Shift")
    chat.page.keyboard.press("Shift")
    chat.page.clock.run_for(5100)
    assert "not left" in chat.find(".root > [role=status]").inner_text()

    chat.page.keyboard.press("Shift")
    chat.page.clock.run_for(100)

    assert chat.page.url.endswith("/host")


def test_leaving_from_a_frame_leaves_the_whole_tab(new_chat: NewChat, url: str) -> None:
    chat = new_chat("/elsewhere")
    chat.page.route(
        "**/framed",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<title>Framed</title><iframe src='{url}/host' width=900 height=700></iframe>",
        ),
    )
    chat.page.goto(f"{url}/framed")
    frame = chat.page.frame_locator("iframe")
    frame.locator("waymark-chat .launcher").click()
    frame.locator("waymark-chat .exit").click()

    leave(chat)


IDLE = "This chat was cleared because it was not used for 30 minutes."


def test_unused_chat_clears_itself(new_chat: NewChat, stub: Flask, url: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    chat.open()
    chat.say("a secret", 4)
    chat.page.clock.run_for(29 * 60_000)
    chat.find("textarea").fill("half a secret")  # a sign of life
    chat.page.clock.run_for(29 * 60_000)
    assert "a secret" in chat.find(".log").inner_text()

    chat.page.clock.run_for(2 * 60_000)

    assert chat.find(".log .note").inner_text() == IDLE
    assert chat.find(".message").count() == 0
    assert chat.find("textarea").input_value() == ""
    chat.say("hello", 3)
    assert next(e for e in stub.config["log"] if e["method"] == "DELETE")["authorization"]
    assert deleted_at(stub) == "/api/v1/conversations?closed=1"
    paths = [each["path"].partition("?")[0] for each in stub.config["log"]]
    assert paths.count("/api/v1/conversations") == 3


SOON = "If you do nothing, this chat will be cleared in 5 minutes."


def test_a_warning_comes_before_the_server_forgets_and_one_touch_keeps(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat(is_bare=True)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    chat.open()
    chat.page.clock.run_for(24 * 60_000)
    chat.find("textarea").fill("half a word")  # the server hears nothing of this
    assert chat.find(".notice .status").inner_text() == ""

    chat.page.clock.run_for(2 * 60_000)

    assert chat.find(".notice .status").inner_text() == SOON
    with chat.page.expect_response("**/conversations/keep"):
        chat.find(".remedies button").click()
    assert [e["path"] for e in stub.config["log"]].count("/api/v1/conversations/keep") == 1
    assert chat.find("textarea").input_value() == "half a word"
    chat.page.clock.run_for(24 * 60_000)
    assert chat.find(".notice .status").inner_text() == ""


def test_device_that_slept_clears_when_it_is_looked_at(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    chat.open()
    chat.page.clock.set_system_time(chat.page.evaluate("Date.now() + 31 * 60000"))
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert chat.find(".log .note").inner_text() == IDLE
    assert chat.find(".message").count() == 0


def test_history_is_not_promised_away(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()

    note = chat.find(".note").inner_text()
    assert "can’t clear your browser history" in note
    assert "delete this page in your browser’s History" in note
    assert (
        chat.page.evaluate("document.querySelector('waymark-chat').shadowRoot.textContent").count(
            note
        )
        == 1
    )
    assert chat.find(".exit").get_attribute("rel") == "nofollow noreferrer"


def test_the_page_learns_that_it_was_opened_and_closed_and_nothing_else(
    new_chat: NewChat, url: str
) -> None:
    chat = new_chat(is_bare=True)
    chat.page.add_init_script(
        "window.told = []; for (const name of ['waymark:open', 'waymark:close'])"
        " addEventListener(name, (event) => told.push([name, event.detail]))"
    )
    chat.page.goto(url + "/host")
    chat.open()
    chat.say("a secret", 4)
    chat.find(".close").click()

    assert chat.page.evaluate("told") == [["waymark:open", None], ["waymark:close", None]]


def test_markup_is_text_whoever_sends_it(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say(f"markup {MARKUP}", 3)
    chat.page.wait_for_timeout(200)

    assert chat.page.evaluate("window.ran") is None
    assert chat.find(".log img, .log script").count() == 0
    assert chat.find(".own").inner_text().count(MARKUP) == 1
    assert chat.find(".reply >> nth=-1").inner_text().count(MARKUP) == 3  # text, progress, choice

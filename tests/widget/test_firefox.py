"""The promises that depend most on the browser, kept in Firefox too: leaving, keyboard, traces."""

from __future__ import annotations

import contextlib

import pytest
from chat_page import Chat, NewChat
from flask import Flask
from playwright.sync_api import Browser, Error
from stub_server import is_erased

ROOT = "document.querySelector('waymark-chat').shadowRoot"
FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at.className || at.localName;
}"""
STORED = """async () => [
  document.cookie, Object.keys(localStorage), Object.keys(sessionStorage),
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
].flat()"""
VIOLATIONS = """
  window.broken = [];
  addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective));
"""


@pytest.fixture(scope="module")
def browser(firefox: Browser) -> Browser:
    """What `new_chat` opens its pages in."""
    return firefox


def replied(chat: Chat, count: int = 2) -> None:
    """Wait for replies as a person does, with no script that the page's policy would stop."""
    chat.find(".reply").nth(count - 1).wait_for()
    chat.find(".writing").wait_for(state="detached")


def opened(new_chat: NewChat, path: str = "/host", **options: object) -> Chat:
    """A chat on a page of another site, opened with a click."""
    chat = new_chat(path, **options)
    chat.find(".launcher").click()
    replied(chat)
    return chat


def say(chat: Chat, text: str, count: int) -> None:
    chat.find("textarea").fill(text)
    chat.find("textarea").press("Enter")
    replied(chat, count)


def until(chat: Chat, script: str) -> None:
    """Wait for something that is true; for pages of which no loading is reported."""
    for _ in range(300):
        with contextlib.suppress(Error):  # between two pages there is none to ask
            if chat.page.evaluate(script):
                return
        chat.page.wait_for_timeout(100)
    raise AssertionError(f"never true: {script}")


def travel(chat: Chat, way: str, path: str) -> None:
    """Back or forward, also to a page that the browser kept, which is not loaded again."""
    chat.page.evaluate(f"history.{way}()")
    until(chat, f"location.pathname + location.search === '{path}'")


def presses(chat: Chat) -> str:
    """What is said about the presses of Shift."""
    return chat.find(".root > [role=status]").inner_text()


def test_leaving_wipes_goes_and_back_does_not_lead_here(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = new_chat("/elsewhere?before")
    chat.page.goto(url + "/host")
    chat.find(".launcher").click()
    replied(chat)
    say(chat, "a secret", 4)
    chat.find("textarea").fill("half a secret")
    chat.find(".exit").click()
    chat.page.wait_for_url("**/elsewhere")

    assert is_erased(stub)
    travel(chat, "back", "/elsewhere?before")
    assert "secret" not in chat.page.content()
    travel(chat, "forward", "/elsewhere")
    assert "secret" not in chat.page.content()


def test_page_is_blank_and_untitled_before_it_goes(new_chat: NewChat) -> None:
    chat = opened(new_chat)
    say(chat, "a secret", 4)
    title, text, *tops = chat.page.evaluate(f"""() => {{
      const root = {ROOT};
      root.querySelector('.exit').click();
      const tops = [[9, 9], [640, 400], [1270, 790]].map((at) => root.elementFromPoint(...at).className);
      return [document.title, root.textContent, ...tops];
    }}""")

    assert (title, text) == ("Loading", "Loading")
    assert tops == ["blank", "blank", "blank"]


def test_three_shifts_leave_and_say_so(new_chat: NewChat, stub: Flask) -> None:
    chat = opened(new_chat)
    chat.find("textarea").fill("half a secret")
    said = []
    for _ in range(2):
        chat.page.keyboard.press("Shift")
        said.append(presses(chat))
    assert said == ["Shift. Press 2 more times to leave.", "Shift. Press 1 more time to leave."]

    chat.page.keyboard.press("Shift")

    chat.page.wait_for_url("**/elsewhere")
    assert is_erased(stub)


def test_another_key_between_the_shifts_starts_the_count_anew(new_chat: NewChat) -> None:
    chat = opened(new_chat)
    for between in ("a", "Tab", "Shift+B", "Control+Shift"):
        for key in ("Shift", "Shift", between):
            chat.page.keyboard.press(key)
        assert presses(chat) == "", between

        chat.page.keyboard.press("Shift")
        assert presses(chat) == "Shift. Press 2 more times to leave.", between
        chat.page.keyboard.press("a")

    assert chat.page.url.endswith("/host")


def test_slow_shifts_do_not_leave(new_chat: NewChat, url: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    chat.find(".launcher").click()
    replied(chat)
    chat.page.keyboard.press("Shift")
    chat.page.keyboard.press("Shift")
    chat.page.clock.run_for(5100)
    assert "not left" in presses(chat)

    chat.page.keyboard.press("Shift")

    assert presses(chat) == "Shift. Press 2 more times to leave."
    assert chat.page.url.endswith("/host")


def test_page_that_firefox_kept_shows_nothing_typed(new_chat: NewChat, stub: Flask) -> None:
    """Left by another way than ours, then Back: the page is not loaded but woken up."""
    chat = opened(new_chat)
    say(chat, "a secret", 4)
    chat.find("textarea").fill("half a secret")
    chat.page.evaluate(
        "addEventListener('pageshow', (event) => { window.kept = event.persisted; })"
    )
    chat.page.goto(chat.page.url.replace("host", "elsewhere"))
    travel(chat, "back", "/host")
    until(chat, "window.kept === true")

    assert "secret" not in chat.page.evaluate(f"{ROOT}.innerHTML")
    assert chat.page.evaluate(f"{ROOT}.querySelector('.launcher').checkVisibility()")
    assert not chat.page.evaluate(f"{ROOT}.querySelector('textarea, .panel')")
    assert is_erased(stub)
    chat.page.evaluate(f"{ROOT}.querySelector('.launcher').click()")
    until(chat, f"{ROOT}.querySelectorAll('.reply').length === 2")
    assert chat.page.evaluate(f"{ROOT}.querySelector('textarea').value") == ""


def test_page_loaded_anew_shows_nothing_typed(new_chat: NewChat) -> None:
    """Firefox fills boxes in again after a reload."""
    chat = new_chat("/")
    replied(chat)
    chat.find("textarea").fill("half a secret")
    chat.page.reload()
    replied(chat)

    assert chat.find("textarea").input_value() == ""
    assert chat.find(".own").count() == 0


def test_everything_is_reached_with_the_keyboard_and_nothing_holds_it(new_chat: NewChat) -> None:
    chat = new_chat()
    keyboard = chat.page.keyboard
    chat.find(".launcher").wait_for()
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert chat.page.evaluate(FOCUSED) == "launcher"
    keyboard.press("Enter")
    replied(chat)
    assert chat.page.evaluate(FOCUSED) == "textarea"
    keyboard.type("hello")
    keyboard.press("Enter")
    replied(chat, 4)
    assert chat.find(".own .text").inner_text() == "hello"
    assert chat.page.evaluate(FOCUSED) == "textarea"

    after = []
    while len(after) < 4 and "body" not in after:
        keyboard.press("Tab")
        after.append(chat.page.evaluate(FOCUSED))
    assert after[0] == "send"
    assert after[-1] == "body", "the focus does not come out"

    chat.page.locator("main a").focus()
    reached = []
    while len(reached) < 20 and "send" not in reached:
        keyboard.press("Tab")
        reached.append(chat.page.evaluate(FOCUSED))
    assert reached == [
        *("exit", "plain close", "select", "plain toggle", "scroller"),
        "card card-call",
        *["choice"] * 4,
        *("textarea", "send"),
    ]


def test_escape_closes_and_gives_the_focus_back(new_chat: NewChat) -> None:
    chat = opened(new_chat)
    chat.find("textarea").fill("half a word")
    chat.page.keyboard.press("Escape")

    assert chat.find(".panel").is_hidden()
    assert chat.page.evaluate(FOCUSED) == "launcher"
    chat.page.keyboard.press("Enter")
    assert chat.find(".panel").is_visible()
    assert chat.find("textarea").input_value() == "half a word"


@pytest.mark.parametrize("path", ["/host?attributes=data-language=ar", "/host?dir=rtl"])
def test_right_to_left_stands_at_the_left(new_chat: NewChat, path: str) -> None:
    chat = new_chat(path, locale="ar")
    launcher = chat.find(".launcher").bounding_box()
    chat.find(".launcher").click()
    replied(chat)

    assert launcher["x"] < 40
    assert chat.find(".panel").bounding_box()["x"] < 40
    assert chat.find(".panel").get_attribute("dir") == "rtl"
    assert chat.find(".reply").first.evaluate("(one) => getComputedStyle(one).direction") == "rtl"


ORDER = """(number) => {
  const text = number.firstChild;
  const lefts = [...text.data].map((_, at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  });
  return lefts.every((left, at) => at === 0 || left > lefts[at - 1]);
}"""


def test_phone_numbers_keep_their_order_in_arabic(new_chat: NewChat) -> None:
    chat = opened(new_chat, "/host?attributes=data-language=ar")
    chat.find(".toggle").click()
    shown = {
        part: chat.find(f"{part} .number >> text=0000 000 000") for part in (".text", ".numbers")
    }

    assert {part: number.evaluate(ORDER) for part, number in shown.items()} == {
        ".text": True,
        ".numbers": True,
    }


@pytest.mark.parametrize("path", ["/?language={}", "/host?attributes=data-language={}"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_scrolls_sideways(new_chat: NewChat, language: str, path: str) -> None:
    chat = new_chat(path.format(language), viewport={"width": 360, "height": 640})
    if "host" in path:
        chat.find(".launcher").click()
    replied(chat)
    say(chat, "many", 3)
    say(chat, "urgent " + "x" * 200, 5)

    for width in (360, 320):
        chat.page.set_viewport_size({"width": width, "height": 640})
        exit_ = chat.find(".exit").bounding_box()
        assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
        assert chat.find(".scroller").evaluate("(box) => box.scrollWidth - box.clientWidth") == 0
        assert exit_["x"] >= 0 and exit_["x"] + exit_["width"] <= width
        assert 0 <= exit_["y"] <= 200


def test_full_page_opens_answers_and_can_be_left(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat("/")
    replied(chat)
    assert chat.page.evaluate(FOCUSED) == "body"
    assert chat.page.locator(".reading").is_hidden()

    say(chat, "urgent", 4)
    assert chat.find(".urgent .card").get_attribute("href") == "tel:111"
    chat.find(".exit").click()

    chat.page.wait_for_url("**/elsewhere")
    assert is_erased(stub)


def test_leaving_from_a_frame_leaves_the_whole_tab(new_chat: NewChat, url: str) -> None:
    """The frame is of another site than the page; the mouse is not driven into such a frame."""
    chat = new_chat("/elsewhere")
    site = url.replace("127.0.0.1", "localhost") + "/framed"
    frame = f"<title>Framed</title><iframe src='{url}/host' width=900 height=700></iframe>"
    chat.page.route(site, lambda route: route.fulfill(content_type="text/html", body=frame))
    chat.page.goto(site)
    inside = chat.page.frame_locator("iframe")
    inside.locator("waymark-chat .launcher").evaluate("(button) => button.click()")
    inside.locator("waymark-chat .exit").evaluate("(link) => link.click()")

    chat.page.wait_for_url("**/elsewhere")


def test_nothing_is_stored_and_nobody_else_is_asked(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = opened(new_chat)
    say(chat, "a secret", 4)
    chat.find(".choice").last.click()
    replied(chat, 6)

    assert chat.page.evaluate(STORED) == ["", 0, 0, 0]
    assert chat.page.context.cookies() == []
    assert [a for a in chat.requests if not a.startswith((url, "data:"))] == []
    assert {(e["cookie"], e["referer"]) for e in stub.config["log"]} == {(None, None)}
    assert [e["path"] for e in stub.config["log"] if "secret" in e["path"]] == []


@pytest.mark.parametrize("path", ["/host", "/", "/embed"])
def test_content_security_policy_is_kept(new_chat: NewChat, url: str, path: str) -> None:
    chat = new_chat(is_bare=True)
    chat.page.add_init_script(VIOLATIONS)
    chat.page.goto(url + path)
    chat.find(":is(.launcher, .panel):visible").wait_for()
    if chat.find(".launcher").is_visible():
        chat.find(".launcher").click()
    replied(chat)
    say(chat, "many", 3)
    say(chat, "urgent", 5)

    assert chat.page.evaluate("window.broken") == []
    assert chat.errors == []
    chat.page.evaluate("document.body.setAttribute('style', 'color: red')")
    until(chat, "window.broken.length > 0")  # else nothing would be noticed
    assert chat.page.evaluate("window.broken") == ["style-src-attr"]

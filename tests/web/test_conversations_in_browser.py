"""Whole conversations with the real server in a real browser.

When a test ends, its page must have shown no console error and no breach of the content
security policy, and no request may have left the machine (`open_page` in conftest.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Server
from playwright.sync_api import Browser
from web_chat import ROOT, WebChat

OpenPage = Callable[..., WebChat]

EMERGENCY = "tel:999"
HELPLINE = "tel:08000121700"
LANGUAGES = ("en", "es", "ar")
KNIFE = {
    "en": "he is outside with a knife",
    "es": "está afuera con un cuchillo",
    "ar": "هو بره ومعاه سكين",
}
PASSPORT = {
    "en": "My boss keeps my passport",
    "es": "Mi jefe tiene mi pasaporte",
    "ar": "صاحب العمل أخذ جواز سفري",
}
SAFE = '/answer{"safe_to_talk":"yes"}'
ANSWERS = (
    '/answer{"feels_safe":"sometimes"}',
    '/answer{"made_to_do":"yes"}',
    '/answer{"hours":"over_12"}',
    '/answer{"is_paid":"some"}',
    '/answer{"bank_access":"no"}',
    '/answer{"someone_to_call":"nobody"}',
)
DELETED = {"en": "deleted", "es": "Borré", "ar": "حذف"}


def begin(chat: WebChat) -> None:
    """From the doors to the first question."""
    chat.choose("/start_self")
    chat.choose(SAFE)


@pytest.mark.parametrize(
    ("language", "width"), [("en", 360), ("es", 360), ("ar", 360), ("en", 1280)]
)
def test_from_the_door_to_a_number(open_page: OpenPage, language: str, width: int) -> None:
    chat = open_page(language, width=width)
    html = chat.page.locator("html")
    assert html.get_attribute("lang") == language
    assert chat.hrefs()[:1] == [EMERGENCY]
    begin(chat)
    for answer in ANSWERS:
        chat.choose(answer)
    chat.say(PASSPORT[language])
    assert chat.find(".own").last.inner_text().endswith(PASSPORT[language])
    before = len(chat.hrefs())
    chat.choose("/keep_summary")
    call = chat.find(f".reply a[href='{HELPLINE}']").last

    assert HELPLINE in chat.hrefs()[before:]
    assert call.locator(".number").inner_text() == "08000 121 700"
    call.scroll_into_view_if_needed()
    box = call.bounding_box()
    assert box and box["height"] >= 44
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_comes_first_and_the_talk_goes_on(open_page: OpenPage, language: str) -> None:
    chat = open_page(language)
    begin(chat)
    before = chat.count
    chat.say(KNIFE[language])
    first = chat.find(".reply").nth(before)
    card = first.locator("a").first

    assert "urgent" in (first.get_attribute("class") or "").split()
    assert "999" in first.locator(".text").first.inner_text()
    assert card.get_attribute("href") == EMERGENCY
    top = chat.find(".scroller").bounding_box()
    box = card.bounding_box()
    assert top and box and top["y"] <= box["y"] <= top["y"] + top["height"] - box["height"]
    spoken = chat.find(".panel > [role=alert]").inner_text()
    assert spoken.split() == " ".join(first.locator(".text").all_inner_texts()).split()

    chat.choose("/continue_chat")
    assert chat.button("/skip_question").is_visible()
    assert chat.find(".problem").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_direction(open_page: OpenPage, language: str) -> None:
    chat = open_page(language)
    chat.say(PASSPORT[language])
    wanted = "rtl" if language == "ar" else "ltr"
    own, reply = (chat.find(part).last.bounding_box() for part in (".own", ".reply"))
    leave, select = (chat.find(part).bounding_box() for part in (".exit", "select"))

    assert chat.page.locator("html").get_attribute("dir") == wanted
    assert chat.find(".panel").get_attribute("dir") == wanted
    assert own and reply and leave and select
    assert (own["x"] < 40) == (wanted == "rtl")
    assert (leave["x"] > select["x"]) == (wanted == "rtl")
    text = chat.find(".reply .text").first
    assert text.evaluate("(node) => getComputedStyle(node).direction") == wanted


def test_keyboard_alone(open_page: OpenPage) -> None:
    chat = open_page("en", width=1280)
    keyboard = chat.page.keyboard
    focused = f"({ROOT}.activeElement || document.activeElement)"

    def tab_to(test: str) -> None:
        for _ in range(60):
            keyboard.press("Tab")
            if chat.page.evaluate(f"(({{value, id, href}}) => {test})({focused})"):
                outline = chat.page.evaluate(f"getComputedStyle({focused}).outlineStyle")
                assert outline != "none", "the focus can't be seen"
                return
        raise AssertionError(f"Tab does not lead to {test}")

    for choice in ("/start_self", SAFE, '/answer{"feels_safe":"no"}'):
        before = chat.count
        tab_to(f"value === '{choice}'")
        keyboard.press("Enter")
        chat.wait_for_replies(before)
    before = chat.count
    tab_to("id === 'draft'")
    keyboard.type("he is outside with a knife")
    keyboard.press("Enter")
    chat.wait_for_replies(before)
    assert chat.find(".reply.urgent").count() == 1
    keyboard.press("Tab")
    assert chat.page.evaluate(f"{focused}.type") == "submit"
    keyboard.press("Shift+Tab")
    for _ in range(20):
        keyboard.press("Shift+Tab")
        if chat.page.evaluate(f"{focused}.href || ''") == EMERGENCY:
            return
    raise AssertionError("Shift+Tab does not lead back to the call")


def test_language_changes_halfway(open_page: OpenPage) -> None:
    chat = open_page("en")
    begin(chat)
    chat.choose('/answer{"feels_safe":"sometimes"}')
    before = chat.count
    chat.find("select").select_option("ar")
    chat.wait_for_replies(before)
    asked = chat.newest()

    assert re.search("[ء-ي]", asked)
    assert chat.find(".panel").get_attribute("dir") == "rtl"
    assert chat.find(".exit").inner_text().strip() == "الخروج الآن"
    chat.choose('/answer{"made_to_do":"yes"}')
    before = chat.count
    chat.find("select").select_option("es")
    chat.wait_for_replies(before)
    chat.button('/answer{"hours":"over_12"}').wait_for()
    assert chat.find(".panel").get_attribute("dir") == "ltr"
    assert not re.search("[ء-ي]", chat.newest())


def test_leaving_leaves_nothing_on_the_way_back(open_page: OpenPage) -> None:
    chat = open_page("en", is_bare=True)
    chat.goto("/health/live")
    chat.goto("/?language=en")
    chat.wait_for_replies()
    chat.say("my secret word is quillfeather")
    chat.find("textarea").fill("half a quillfeather")
    with chat.page.expect_request(lambda request: request.method == "DELETE") as erased:
        chat.find(".exit").click()
    chat.page.wait_for_url("https://weather.invalid/")
    chat.problems.remove("left the machine: https://weather.invalid/")

    assert erased.value.headers["authorization"].removeprefix("Bearer ") in chat.authorizations
    chat.page.go_back()
    assert chat.page.url.endswith("/health/live"), "the chat is still in the tab's history"
    assert "quillfeather" not in chat.page.content()
    chat.goto("/?language=en")
    chat.wait_for_replies()
    assert "quillfeather" not in chat.typed_and_shown()


def test_back_after_going_elsewhere_shows_nothing_typed(open_page: OpenPage) -> None:
    chat = open_page("en")
    chat.say("my secret word is quillfeather")
    chat.find("textarea").fill("half a quillfeather")
    chat.goto("/health/live")
    chat.page.go_back()
    chat.wait_for_replies()

    assert "quillfeather" not in chat.typed_and_shown()


@pytest.mark.parametrize("language", LANGUAGES)
def test_delete(open_page: OpenPage, language: str) -> None:
    chat = open_page(language)
    chat.say(PASSPORT[language])
    chat.say(KNIFE[language])
    with chat.page.expect_response("**/api/v1/messages") as answered:
        chat.button("/delete_chat").click()
    assert answered.value.json()["ended"] is True
    chat.find(".own").wait_for(state="detached")

    assert PASSPORT[language] not in chat.typed_and_shown()
    assert KNIFE[language] not in chat.typed_and_shown()
    assert chat.find(".reply").count() == 1
    assert DELETED[language] in chat.newest()
    assert set(chat.hrefs()) == {EMERGENCY, HELPLINE}
    chat.say(PASSPORT[language])  # writing on begins another conversation
    assert len(chat.authorizations) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script(open_page: OpenPage, language: str) -> None:
    chat = open_page(language, is_bare=True, java_script_enabled=False)
    chat.goto("/")
    page = chat.page
    cards = page.locator(".reading a.card")
    links = [card.get_attribute("href") for card in cards.all()]

    assert page.locator("html").get_attribute("lang") == language
    assert links[0] == EMERGENCY and HELPLINE in links
    assert all(card.is_visible() for card in cards.all())
    questions = page.locator(".reading .questions li")
    assert questions.count() == 7
    assert len(set(questions.all_inner_texts())) == 7
    assert page.locator(".reading a.way-out").get_attribute("href") == "https://weather.invalid/"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_server_stops_in_the_middle(open_page: OpenPage, server: Server) -> None:
    chat = open_page("es")
    begin(chat)
    server.stop()
    try:
        chat.find("textarea").fill("me quitaron el pasaporte")
        chat.find("textarea").press("Enter")
        retry = chat.find(".problem button")
        retry.wait_for()
        chat.problems[:] = [each for each in chat.problems if "ERR_CONNECTION" not in each]

        assert chat.find("textarea").input_value() == "me quitaron el pasaporte"
        assert "siguen aquí" in chat.find(".problem .status").inner_text()
        chat.find(".header .plain").last.click()
        assert {EMERGENCY, HELPLINE} <= set(chat.hrefs(".numbers"))
        assert chat.find(".numbers a").first.is_visible()
    finally:
        server.start()
    before = chat.count
    retry.click()  # the new process knows nothing of the old conversation
    chat.wait_for_replies(before)
    chat.problems[:] = [each for each in chat.problems if "401" not in each]
    assert chat.find("textarea").input_value() == "me quitaron el pasaporte"
    chat.find("textarea").press("Enter")
    chat.wait_for_replies(before + 1)
    assert chat.find(".problem").count() == 0


def test_failed_message_shows_the_numbers(open_page: OpenPage) -> None:
    chat = open_page("en")
    chat.page.route("**/api/v1/messages", lambda route: route.abort())
    chat.find("textarea").fill("they took my passport")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    chat.problems[:] = [each for each in chat.problems if "ERR_FAILED" not in each]

    assert {EMERGENCY, HELPLINE} <= set(chat.hrefs(".problem"))


def test_token_stays_out_of_every_address(open_page: OpenPage) -> None:
    chat = open_page("en")
    begin(chat)
    [token] = chat.authorizations

    assert len(token) >= 43
    assert [address for address in chat.addresses if token in address] == []
    assert {a for a in chat.addresses if "?" in a} == {
        f"{chat.url}/?language=en",
        f"{chat.url}/api/v1/strings?language=en",
    }
    assert chat.page.context.cookies() == []
    assert chat.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(open_page: OpenPage, language: str) -> None:
    chat = open_page(language, bypass_csp=True)
    assert {"start": chat.axe()} == {"start": []}
    begin(chat)
    chat.say(KNIFE[language])
    assert {"urgent": chat.axe()} == {"urgent": []}
    chat.choose("/ask_numbers")
    chat.find(".header .plain").last.click()
    assert {"numbers": chat.axe()} == {"numbers": []}


def test_two_people_at_once(open_page: OpenPage, browser: Browser) -> None:
    one, other = open_page("en"), open_page("es")
    one.say(PASSPORT["en"])
    other.choose("/start_self")

    assert one.authorizations.isdisjoint(other.authorizations)
    assert PASSPORT["en"] not in other.typed_and_shown()

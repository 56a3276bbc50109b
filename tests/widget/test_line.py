"""A bad line and a slow server: the numbers come at once, and nothing said is lost or said twice."""

from __future__ import annotations

import re

from chat_page import Chat, NewChat
from flask import Flask
from playwright.sync_api import Route
from stub_server import WIDGET

SLOW_MS = 3000


def posted(stub: Flask, path: str = "/api/v1/messages") -> list[dict]:
    return [
        entry for entry in stub.config["log"] if (entry["method"], entry["path"]) == ("POST", path)
    ]


def slow_page(new_chat: NewChat, url: str, **options: object) -> Chat:
    """A page whose clock the test turns."""
    chat = new_chat(is_bare=True, **options)
    chat.page.clock.install()
    chat.page.goto(url + "/host")
    return chat


def hold(chat: Chat, pattern: str, count: int = 1_000) -> list[Route]:
    """Hold back the first requests; answered by continuing them."""
    held: list[Route] = []

    def take(route: Route) -> None:
        if len(held) < count:
            held.append(route)
        else:
            route.continue_()

    chat.page.route(pattern, take)
    return held


def test_a_slow_start_shows_the_numbers_of_the_directory_in_the_person_s_language(
    new_chat: NewChat, url: str
) -> None:
    chat = slow_page(new_chat, url, locale="vi")
    held = hold(chat, "**/api/v1/**")
    chat.find(".launcher").click()
    first(chat, held)
    assert chat.find(".remedies .card").count() == 0

    chat.page.clock.run_for(SLOW_MS)

    offline = (WIDGET / "generated" / "offline.js").read_text("utf-8")
    cards = chat.find(".remedies .card")
    assert [card.get_attribute("href") for card in cards.all()] == re.findall(
        r'"href": "(tel:\d+)"', offline
    )
    assert all(card.inner_text().strip()[:20] in offline for card in cards.all())
    assert chat.find(".panel").get_attribute("lang") == "vi"
    assert held


def first(chat: Chat, held: list[Route]) -> Route:
    """The first request that was held; on a busy machine it comes later than the clock says."""
    for _ in range(600):
        if held:
            return held[0]
        chat.page.wait_for_timeout(50)
    raise AssertionError("nothing was asked")


def test_an_answer_that_comes_late_takes_the_numbers_away(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = slow_page(new_chat, url)
    chat.open()
    held = hold(chat, "**/api/v1/messages")
    chat.find("textarea").fill("hello")
    chat.find("textarea").press("Enter")
    chat.page.clock.run_for(SLOW_MS + 100)
    assert chat.find(".remedies .card").count() == 2

    first(chat, held).continue_()
    chat.wait(4)

    assert chat.find(".remedies .card").count() == 0
    assert len(posted(stub)) == 1


def test_while_it_is_slow_it_can_be_sent_once_more_and_counts_once(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    chat = slow_page(new_chat, url)
    chat.open()
    held = hold(chat, "**/api/v1/messages", count=1)
    chat.find("textarea").fill("hello")
    chat.find("textarea").press("Enter")
    chat.page.clock.run_for(SLOW_MS + 100)
    chat.find(".remedies button").click()
    chat.wait(4)

    keys = [entry["key"] for entry in posted(stub)]
    assert len(held) == 1 and held[0].request.headers["idempotency-key"] in keys
    assert len(set(keys)) == 1
    assert chat.find(".own").count() == 1
    assert chat.find("textarea").input_value() == ""


def test_what_could_not_be_sent_is_sent_once_when_the_line_comes_back(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.open()
    context = chat.page.context
    context.set_offline(True)
    chat.find("textarea").fill("he keeps my passport")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    assert chat.find("textarea").input_value() == "he keeps my passport"
    assert len(posted(stub)) == 0

    context.set_offline(False)
    chat.wait(4)

    assert [entry["body"] for entry in posted(stub)] == [{"text": "he keeps my passport"}]
    assert chat.find("textarea").input_value() == ""
    context.set_offline(True)
    context.set_offline(False)
    chat.say("more", 6)
    assert [entry["body"]["text"] for entry in posted(stub)] == ["he keeps my passport", "more"]


def test_what_was_changed_since_is_not_sent_by_itself(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.page.context.set_offline(True)
    chat.find("textarea").fill("he keeps my passport")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    chat.find("textarea").fill("no, I would rather not say")

    chat.page.context.set_offline(False)
    assert chat.find("textarea").input_value() == "no, I would rather not say"
    chat.find("textarea").press("Enter")
    chat.wait(4)

    assert [entry["body"] for entry in posted(stub)] == [{"text": "no, I would rather not say"}]


def test_a_choice_is_sent_once_when_the_line_comes_back(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.page.context.set_offline(True)
    chat.find(".choice >> text=Not always").click()
    chat.find(".problem button").wait_for()

    chat.page.context.set_offline(False)
    chat.wait(4)

    assert [entry["body"] for entry in posted(stub)] == [
        {"choice": '/answer{"feels_safe":"sometimes"}'}
    ]


def test_an_answer_that_was_lost_on_the_way_is_asked_for_with_the_same_key(
    new_chat: NewChat, stub: Flask
) -> None:
    """The server has the message already: with the same key it takes it once."""
    chat = new_chat()
    chat.open()
    stub.config["modes"].append("broken")
    chat.say_and_fail("he keeps my passport")
    chat.find(".problem button").click()
    chat.wait(4)

    assert len({entry["key"] for entry in posted(stub)}) == 1
    chat.say("and more", 6)
    assert len({entry["key"] for entry in posted(stub)}) == 2


def test_each_message_has_a_key_of_its_own(new_chat: NewChat, stub: Flask) -> None:
    chat = new_chat()
    chat.open()
    chat.say("one", 4)
    chat.say("one", 6)
    chat.find(".choice >> text=Not always").last.click()
    chat.wait(8)

    assert len({entry["key"] for entry in posted(stub)}) == 3


def test_what_was_said_is_still_there_after_the_device_slept(
    new_chat: NewChat, stub: Flask, url: str
) -> None:
    """The page holds it; the server is not asked."""
    chat = slow_page(new_chat, url)
    chat.open()
    chat.say("he keeps my passport", 4)
    asked = len(stub.config["log"])
    chat.page.clock.fast_forward(20 * 60_000)
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert "he keeps my passport" in chat.find(".log").inner_text()
    assert len(stub.config["log"]) == asked


def test_a_start_that_failed_is_tried_again_when_the_line_comes_back(
    new_chat: NewChat, stub: Flask
) -> None:
    chat = new_chat()
    chat.page.context.set_offline(True)
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()
    chat.page.context.set_offline(False)
    chat.wait()

    assert len(posted(stub, "/api/v1/conversations")) == 1


PRINTED = "document.querySelector('waymark-sheet')?.shadowRoot.textContent"


def test_printing_an_open_chat_gives_the_numbers_and_the_card_only(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("a secret", 4)
    chat.say("card", 5)
    chat.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = chat.page.evaluate(PRINTED)
    chat.page.emulate_media(media="print")

    assert "111" in printed and "I need an interpreter." in printed
    assert "secret" not in printed and "Do you feel safe" not in printed
    assert chat.page.locator("main").is_hidden()
    chat.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert chat.page.locator("waymark-sheet").count() == 0


def test_printing_a_page_with_a_closed_chat_prints_the_page(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.find(".close").click()
    chat.page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert chat.page.evaluate(PRINTED) is None


def test_the_page_without_script_prints_the_numbers_only(new_chat: NewChat) -> None:
    chat = new_chat("/?language=es", java_script_enabled=False)
    chat.page.emulate_media(media="print")

    assert chat.page.locator(".reading .card").first.is_visible()
    assert chat.page.locator(".questions").is_hidden()
    assert chat.page.locator(".way-out").first.is_hidden()


def test_progress_stands_above_the_question(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.open()
    chat.say("hello", 4)

    assert chat.find(".reply").last.locator(".progress").inner_text() == "Question 2 of 7"

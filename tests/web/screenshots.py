"""Pictures of the chat in every state, in four scripts, on a phone and a desktop.

`make screenshots` writes them into results/screenshots/. They are for looking at: no test
compares them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Final

import yaml
from conftest import ARGS, Server
from playwright.sync_api import Browser, sync_playwright
from web_chat import WebChat

from bot.settings import PROJECT

FOLDER: Final = PROJECT / "results" / "screenshots"
LANGUAGES: Final = ("en", "ar", "ti", "zh-Hans")
WIDTHS: Final = (360, 1280)
HOST: Final = "/numbers?host"
DANGERS: Final = PROJECT / "tests" / "danger.yml"


def opened(chat: WebChat) -> None:
    chat.find(".launcher").click()
    chat.wait_for_replies()


def question(chat: WebChat) -> None:
    chat.choose("/start_self")
    chat.choose('/answer{"safe_to_talk":"yes"}')


def ticks(chat: WebChat) -> None:
    chat.goto(HOST)
    chat.find(".launcher").click()
    chat.wait_for_replies()
    chat.choose("/start_other")


def urgent(chat: WebChat) -> None:
    language = chat.find(".panel").get_attribute("lang") or ""
    chat.say(yaml.safe_load(DANGERS.read_text("utf-8"))[language.replace("-", "_")])


def numbers(chat: WebChat) -> None:
    chat.find(".toggle").click()


def failed(chat: WebChat) -> None:
    chat.find(".toggle").click()
    chat.page.route("**/api/v1/messages", lambda route: route.abort())
    chat.find("textarea").fill("...")
    chat.find("textarea").press("Enter")
    chat.find(".problem button").wait_for()
    chat.page.unroute("**/api/v1/messages")


def offline(chat: WebChat) -> None:
    chat.page.route("**/api/v1/**", lambda route: route.abort())
    chat.goto(HOST)
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()
    chat.page.unroute("**/api/v1/**")


def left(chat: WebChat) -> None:
    chat.page.route("https://**", lambda route: None)
    chat.find(".exit").click()


STATES: Final[dict[str, Callable[[WebChat], object]]] = {
    "closed": lambda chat: chat.find(".launcher").wait_for(),
    "open": opened,
    "question": question,
    "urgent": urgent,
    "numbers": numbers,
    "failed": failed,
    "ticks": ticks,
    "offline": offline,
    "left": left,
}


def take(browser: Browser, server: Server, language: str, width: int, scheme: str) -> None:
    """One walk through all states."""
    context = browser.new_context(
        locale=language,
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(15_000)
    chat = WebChat(context, server.url)
    body = (
        f"<!doctype html><html lang=en dir={'rtl' if language == 'ar' else 'ltr'}><title>A host</title>"
        "<meta name=viewport content='width=device-width'><link rel=icon href='data:,'>"
        f"<h1>A page of another site</h1><script src='/widget.js' defer data-language='{language}'></script>"
    )
    chat.page.route(f"**{HOST}", lambda r: r.fulfill(content_type="text/html", body=body))
    chat.goto(HOST)
    for number, (state, reach) in enumerate(STATES.items(), 1):
        reach(chat)
        chat.page.wait_for_timeout(200)
        chat.page.screenshot(path=FOLDER / f"{language}-{width}-{scheme}-{number}-{state}.png")
    context.close()


def main() -> int:
    """Take them all."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        print("Chromium is not installed: make browser", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = Server()
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGS)
            for language in LANGUAGES:
                for width in WIDTHS:
                    take(browser, server, language, width, "light")
                take(browser, server, language, 360, "dark")
            browser.close()
    finally:
        server.stop()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A browser, the stub server and a page that notes what the widget must never do."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from chat_page import Chat, NewChat
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright
from stub_server import create_stub
from werkzeug.serving import make_server

ARGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    """One for all browsers: a thread can hold no more."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of the machine, or of CHROMIUM."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("Chromium is not installed: `make browser` brings it")
    browser = _playwright.chromium.launch(executable_path=path, args=ARGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(_playwright: Playwright) -> Iterator[Browser]:
    """The Firefox of the machine, or of FIREFOX, unchanged: driven over WebDriver BiDi."""
    path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not path:
        pytest.fail("Firefox is not installed: `make browser` brings it")
    browser = _playwright.firefox.launch(channel="moz-firefox", executable_path=path)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[Flask, str]]:
    app = create_stub()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def stub(_server: tuple[Flask, str]) -> Iterator[Flask]:
    """The stub, with nothing received and nothing going wrong."""
    app, _ = _server
    app.config.update(log=[], modes=[], delay_s=0.0)
    yield app
    app.config.update(log=[], modes=[], delay_s=0.0)


@pytest.fixture
def url(_server: tuple[Flask, str], stub: Flask) -> str:
    """Where the stub is."""
    return _server[1]


@pytest.fixture
def new_chat(browser: Browser, url: str) -> Iterator[NewChat]:
    """Open a page with the widget: `new_chat("/host", viewport=...)`. Whatever it asks of another
    host is noted and refused, and fails the test unless the test takes it out of `chat.left`.
    """
    contexts = []
    chats: list[Chat] = []

    def start(path: str = "/host", *, is_bare: bool = False, **options: Any) -> Chat:
        options = {
            "locale": "en-GB",
            "viewport": {"width": 1280, "height": 800},
            **options,
        }
        if browser.browser_type.name == "chromium":  # BiDi has no such command
            options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        chat = Chat(context.new_page())
        chats.append(chat)
        context.route(lambda address: not address.startswith(url), chat.refuse)
        if not is_bare:
            chat.page.goto(url + path)
        return chat

    yield start
    left = [address for chat in chats for address in chat.left]
    for context in contexts:
        context.close()
    assert left == []

"""The widget in a plain page of another site, as the README tells hosts to embed it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import Server, close
from playwright.sync_api import Browser
from web_chat import WebChat, free_port

from bot.channels.widget_strings import load_widget_strings
from bot.i18n import load_catalogues

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
EMBED = re.search(r"<script src=.*?</script>", README)
POLICY = re.findall(r"(?:script|connect)-src https://waymark.example;", README)
EXAMPLE = "https://waymark.example"
NUMBERS = ["tel:999", "tel:08000121700"]

OpenSite = Callable[..., WebChat]


@pytest.fixture
def open_site(browser: Browser, server: Server) -> Iterator[OpenSite]:
    """Serve a page with the README's line and policy, and open it: `open_site(port)`."""
    assert EMBED and len(POLICY) == 2
    body = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>A host</title>"
        f"<link rel=icon href='data:,'><h1>A host</h1>{EMBED[0].replace(EXAMPLE, server.url)}"
    )
    policy = "default-src 'none'; img-src data:; " + " ".join(POLICY).replace(EXAMPLE, server.url)
    sites: list[ThreadingHTTPServer] = []
    chats: list[WebChat] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    def start(port: int, language: str = "en") -> WebChat:
        sites.append(ThreadingHTTPServer(("127.0.0.1", port), Page))
        threading.Thread(target=sites[-1].serve_forever, daemon=True).start()
        context = browser.new_context(locale=language, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        site = f"http://127.0.0.1:{port}"
        chats.append(WebChat(context, server.url, site))
        chats[-1].page.goto(site)
        return chats[-1]

    yield start
    close(chats)
    for site in sites:
        site.shutdown()
        site.server_close()


def test_a_listed_site_can_embed_it(open_site: OpenSite, server: Server) -> None:
    chat = open_site(server.listed_site)
    chat.find(".launcher").click()
    chat.wait_for_replies()
    chat.say("he is outside with a knife")

    assert chat.find(".reply.urgent a").first.get_attribute("href") == NUMBERS[0]
    assert chat.problems == []
    assert chat.page.evaluate("[document.cookie, localStorage.length]") == ["", 0]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_site_that_is_not_listed_says_so_and_shows_the_way(
    open_site: OpenSite, server: Server, language: str
) -> None:
    chat = open_site(free_port(), language)
    chat.find(".launcher").click()
    way = chat.find(".problem a.choice")
    way.wait_for()

    words = load_widget_strings(load_catalogues(), language)
    assert chat.find(".problem .status").inner_text() == words["start_failed"]
    assert way.inner_text() == words["open_page"]
    assert any("WAYMARK_ALLOWED_ORIGINS" in problem for problem in chat.problems)
    assert chat.hrefs(".problem") == [f"{server.url}/?language={language}", *NUMBERS]
    assert chat.find(".problem button").count() == 0
    way.click()
    chat.page.wait_for_url(f"{server.url}/?language={language}")
    chat.find(".reply").first.wait_for()


def test_a_server_that_is_down_is_not_called_a_site_that_is_not_listed(
    open_site: OpenSite, server: Server
) -> None:
    """The server's own page would not open either: only the numbers help."""
    chat = open_site(server.listed_site)
    chat.page.route(f"{server.url}/**", lambda route: route.abort())
    chat.find(".launcher").click()
    chat.find(".problem button").wait_for()

    assert chat.hrefs(".problem") == NUMBERS


def test_a_server_that_hangs_is_given_up(open_site: OpenSite, server: Server) -> None:
    chat = open_site(server.listed_site)
    chat.page.clock.install()
    chat.page.route(f"{server.url}/**", lambda route: None)
    chat.find(".launcher").click()
    for _ in range(2):
        chat.page.clock.run_for(11_000)
    chat.find(".problem button").wait_for()

    assert chat.hrefs(".problem") == NUMBERS

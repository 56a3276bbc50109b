"""The widget in a page of another site, as README.md and docs/embed.md tell hosts to embed it."""

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

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "embed.md").read_text("utf-8")
EMBED = re.search(r"<script src=.*?</script>", README)
POLICY = re.findall(r"(?:script|connect)-src https://waymark.example;", README)
FRAME = re.search(r"<iframe src=.*?</iframe>", GUIDE, re.DOTALL)
PLACED = re.search(
    r"<waymark-chat inline.*?</waymark-chat>\s*<script.*?</script>", GUIDE, re.DOTALL
)
FRAME_POLICY = re.findall(r"frame-src https://waymark.example;", GUIDE)
EXAMPLE = "https://waymark.example"
NUMBERS = ["tel:999", "tel:08000121700"]

OpenSite = Callable[..., WebChat]


@pytest.fixture
def open_site(browser: Browser, server: Server) -> Iterator[OpenSite]:
    """Serve a page with a recipe and its policy, the README's if none is given, and open it:
    `open_site(port)`."""
    assert EMBED and len(POLICY) == 2
    sites: list[ThreadingHTTPServer] = []
    chats: list[WebChat] = []

    class Page(BaseHTTPRequestHandler):
        body = policy = ""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", self.policy)
            self.end_headers()
            self.wfile.write(self.body.encode())

        def log_message(self, *_: object) -> None: ...

    def start(
        port: int, language: str = "en", recipe: str = EMBED[0], policy: list[str] = POLICY
    ) -> WebChat:
        allowed = ["default-src 'none'; img-src data:; style-src 'unsafe-inline';", *policy]
        Page.policy = " ".join(allowed).replace(EXAMPLE, server.url)
        Page.body = (
            "<!doctype html><html lang=en><meta charset=utf-8><title>A host</title>"
            f"<link rel=icon href='data:,'><h1>A host</h1>{recipe.replace(EXAMPLE, server.url)}"
        )
        sites.append(ThreadingHTTPServer(("127.0.0.1", port), Page))
        threading.Thread(target=sites[-1].serve_forever, daemon=True).start()
        context = browser.new_context(locale=language, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        site = f"http://127.0.0.1:{port}"
        chats.append(WebChat(context, server.url, site))
        chats[-1].page.goto(site)
        return chats[-1]

    yield start
    problems = [problem for chat in chats for problem in chat.problems]
    close(chats)
    for site in sites:
        site.shutdown()
        site.server_close()
    left = [each for each in problems if each.startswith("left the machine")]
    assert left == []


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
    assert way.inner_text() == words["launcher"]
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


def test_the_chat_can_be_placed_in_the_page(open_site: OpenSite, server: Server) -> None:
    assert PLACED
    chat = open_site(server.listed_site, recipe=PLACED[0])
    chat.find(".launcher").click()
    chat.wait_for_replies()

    assert chat.find(".panel").get_attribute("lang") == "es"
    assert chat.find(".panel").bounding_box()["height"] > 400
    assert chat.problems == []


def test_a_listed_site_can_show_it_in_a_frame_and_leaving_leaves_the_whole_page(
    open_site: OpenSite, server: Server
) -> None:
    assert FRAME and FRAME_POLICY
    chat = open_site(server.listed_site, recipe=FRAME[0], policy=FRAME_POLICY)
    frame = chat.page.frame_locator("iframe")
    frame.locator("waymark-chat .launcher").click()
    frame.locator("waymark-chat .reply").first.wait_for()

    assert frame.locator("waymark-chat").get_attribute("borough") == "camden"
    assert frame.locator("waymark-chat .panel").get_attribute("lang") == "es"
    assert chat.problems == []
    frame.locator("waymark-chat .exit").click()
    chat.page.wait_for_url("https://weather.invalid/")
    chat.problems.remove("left the machine: https://weather.invalid/")


def test_three_presses_of_shift_in_a_frame_leave_the_whole_page(
    open_site: OpenSite, server: Server
) -> None:
    assert FRAME
    chat = open_site(server.listed_site, recipe=FRAME[0], policy=FRAME_POLICY)
    frame = chat.page.frame_locator("iframe")
    frame.locator("waymark-chat .launcher").click()
    frame.locator("waymark-chat textarea").fill("a secret")
    for _ in range(3):
        chat.page.keyboard.press("Shift")

    chat.page.wait_for_url("https://weather.invalid/")
    chat.problems.remove("left the machine: https://weather.invalid/")


def test_a_frame_that_may_not_steer_the_page_is_left_itself(
    open_site: OpenSite, server: Server
) -> None:
    assert FRAME
    sandboxed = FRAME[0].replace("<iframe", '<iframe sandbox="allow-scripts allow-same-origin"')
    chat = open_site(server.listed_site, recipe=sandboxed, policy=[*FRAME_POLICY, "frame-src *;"])
    frame = chat.page.frame_locator("iframe")
    frame.locator("waymark-chat .launcher").click()
    frame.locator("waymark-chat .reply").first.wait_for()
    frame.locator("waymark-chat textarea").fill("a secret")
    frame.locator("waymark-chat .exit").click()
    inside = chat.page.frame_locator("iframe")
    inside.locator("waymark-chat").wait_for(state="detached")

    assert "secret" not in chat.page.frames[1].content()
    assert inside.locator("waymark-chat .panel").count() == 0


def test_a_site_that_is_not_listed_cannot_show_it_in_a_frame(
    open_site: OpenSite, server: Server
) -> None:
    assert FRAME
    chat = open_site(free_port(), recipe=FRAME[0], policy=FRAME_POLICY)
    for _ in range(300):
        if any("frame-ancestors" in problem for problem in chat.problems):
            break
        chat.page.wait_for_timeout(100)

    assert any("frame-ancestors" in problem for problem in chat.problems)
    assert chat.page.frame_locator("iframe").locator("waymark-chat").count() == 0

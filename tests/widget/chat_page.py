"""The widget in a page, as a test meets it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route
from stub_server import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


class Chat:
    """The widget in a page, as a person meets it.

    Attributes:
        left: addresses of other hosts that were asked for.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.left: list[str] = []
        page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def refuse(self, route: Route) -> None:
        """Note a request to another host, and let it come to nothing."""
        self.left.append(route.request.url)
        route.abort()

    def find(self, selector: str) -> Locator:
        """An element of the widget."""
        return self.page.locator(f"waymark-chat {selector}")

    def open(self) -> None:
        """Press the launcher and wait for the first replies."""
        self.find(".launcher").click()
        self.wait()

    def wait(self, count: int = 2) -> None:
        """Wait until there are this many replies and nothing is on its way."""
        self.page.wait_for_function(
            """(count) => {
              const root = document.querySelector('waymark-chat').shadowRoot;
              return root.querySelectorAll('.reply').length >= count && !root.querySelector('.writing');
            }""",
            arg=count,
        )

    def say(self, text: str, count: int) -> None:
        """Type and send; wait until there are `count` replies."""
        self.find("textarea").fill(text)
        self.find("textarea").press("Enter")
        self.wait(count)

    def say_and_fail(self, text: str) -> None:
        """Type and send; wait until it is told that this failed."""
        self.find("textarea").fill(text)
        self.find("textarea").press("Enter")
        self.find(".problem button").wait_for()

    def axe(self) -> list[str]:
        """Accessibility findings, best practice included."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        # A node that is fading in has no contrast yet.
        self.page.wait_for_function(
            "document.getAnimations().every((one) => one.playState === 'finished')"
        )
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {n['html'][:90]}" for v in found["violations"] for n in v["nodes"]]


NewChat = Callable[..., Chat]

"""The page with the chat, as a person meets it, watched for what must never happen."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Locator, Request, Route

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ROOT: Final = "document.querySelector('waymark-chat').shadowRoot"
WATCH_POLICY: Final = (
    "addEventListener('securitypolicyviolation', (event) => "
    "console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"
)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class WebChat:
    """One browser profile with one page.

    Attributes:
        problems: console errors, broken policy, and requests that left the machine; asserted
            empty when the test ends. Only what a test expects is taken out.
        addresses: every address asked for.
        own: how addresses begin that may be asked for; `site` embeds the widget.
    """

    def __init__(self, context: BrowserContext, url: str, site: str = "") -> None:
        self.url = url
        self.own = (url, site or url, "data:")
        self.problems: list[str] = []
        self.addresses: list[str] = []
        self.authorizations: set[str] = set()
        context.add_init_script(WATCH_POLICY)
        context.route("**/*", self._let_through)
        self.page = context.new_page()
        self.page.on(
            "console",
            lambda message: (
                self.problems.append(f"console: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        context.on("request", self._note)  # of every page and frame that it opens

    def goto(self, path: str) -> None:
        """Open a path of the server."""
        self.page.goto(self.url + path)

    def find(self, selector: str) -> Locator:
        """An element of the chat."""
        return self.page.locator(f"waymark-chat {selector}")

    @property
    def count(self) -> int:
        """How many replies stand there."""
        return self.find(".reply").count()

    def wait_for_replies(self, more_than: int = 0) -> None:
        """Until there are more replies than that, and nothing is on its way."""
        self.page.wait_for_function(
            f"(count) => {ROOT}.querySelectorAll('.reply').length > count"
            f" && !{ROOT}.querySelector('.writing')",
            arg=more_than,
        )

    def say(self, text: str) -> None:
        """Type and send."""
        before = self.count
        self.find("textarea").fill(text)
        self.find("textarea").press("Enter")
        self.wait_for_replies(before)

    def choose(self, choice: str) -> None:
        """Press the button with this id."""
        before = self.count
        self.button(choice).click()
        self.wait_for_replies(before)

    def button(self, choice: str) -> Locator:
        """The newest usable button with this id."""
        return self.find(f"button.choice[value='{choice}']:not([disabled])").last

    def newest(self, urgent: bool = False) -> str:
        """The text of the newest reply."""
        return self.find(".reply.urgent" if urgent else ".reply").last.inner_text()

    def hrefs(self, of: str = ".reply") -> list[str]:
        """Where the links of these parts lead."""
        return [link.get_attribute("href") or "" for link in self.find(f"{of} a").all()]

    def typed_and_shown(self) -> str:
        """Everything that the page holds, inside the chat too, and what stands in the box."""
        inside = self.page.evaluate(f"{ROOT} ? {ROOT}.innerHTML : ''")
        boxes = [box.input_value() for box in self.find("textarea").all()]
        return self.page.content() + inside + "".join(boxes)

    def axe(self) -> list[str]:
        """Accessibility findings, best practice included."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        self.page.wait_for_function(
            "document.getAnimations().every((one) => one.playState === 'finished')"
        )
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {n['html'][:90]}" for v in found["violations"] for n in v["nodes"]]

    def _note(self, request: Request) -> None:
        self.addresses.append(request.url)
        if authorization := request.headers.get("authorization"):
            self.authorizations.add(authorization.removeprefix("Bearer "))
        if not request.url.startswith(self.own):
            self.problems.append(f"left the machine: {request.url}")

    def _let_through(self, route: Route) -> None:
        if route.request.url.startswith(self.own):
            route.continue_()
        else:  # the neutral page; noted as having left all the same
            route.fulfill(content_type="text/html", body="<title>Weather</title><h1>Weather</h1>")

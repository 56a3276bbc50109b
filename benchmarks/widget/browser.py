"""What a browser sees of each widget: requests, storage, findings, broken policy, sizes, places."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.widget.packages import AXE, BenchmarkError, Packed
from benchmarks.widget.subjects import ANSWER, Subject

ARGS: Final = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP: Final = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
SETTLE_MS: Final = 3000
"""After load, after opening and after an answer: what is asked for, stored and faded in by then
counts."""
LIMIT_MS: Final = 10_000
STORED: Final = """async () => {
  const bytes = (text) => new TextEncoder().encode(text).length;
  const of = (store) => Object.entries(store).map(([key, value]) =>
    ({key, bytes: bytes(key) + bytes(value)}));
  return {
    localStorage: of(localStorage),
    sessionStorage: of(sessionStorage),
    IndexedDB: (await indexedDB.databases()).map(({name}) => ({key: name, bytes: 0})),
    'Cache Storage': (await caches.keys()).map((key) => ({key, bytes: 0})),
  };
}"""
NOTE_VIOLATIONS: Final = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI.slice(0, 60)}`);
}, true);
"""
RUN_AXE: Final = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(({id, nodes}) => ({rule: id, nodes: nodes.length}));
}"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of the machine, or of CHROMIUM."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def chromium_path() -> str:
    """Where it is.

    Raises:
        BenchmarkError: nowhere.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        raise BenchmarkError("Chromium is missing: CHROMIUM may name it")
    return path


class Visit:
    """A page of one subject in a browser of its own, with nothing kept from before."""

    def __init__(self, browser: Browser, url: str, subject: Subject, **options: Any) -> None:
        self._url = url
        self._subject = subject
        self._context: BrowserContext = browser.new_context(locale="en-GB", **options)
        self._context.set_default_timeout(LIMIT_MS)
        self._context.route(lambda address: not self._is_ours(address), lambda route: route.abort())
        self._context.add_init_script(NOTE_VIOLATIONS)
        self.page: Page = self._context.new_page()
        self.requests: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda socket: self._note(socket.url))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def _is_ours(self, address: str) -> bool:
        return urlsplit(address).netloc == urlsplit(self._url).netloc

    def _note(self, address: str) -> None:
        if not address.startswith(("data:", "blob:")):
            self.requests.append(address)

    def load(self, query: str = "") -> None:
        """Load the page and let it settle; the page's own request is not counted."""
        self.page.goto(f"{self._url}/page/{self._subject.key}?{query}", wait_until="load")
        self.page.wait_for_timeout(SETTLE_MS)
        self.requests.pop(0)

    def open(self) -> None:
        """Press the launcher, wait for the place to type in, and let it settle.

        A widget that the strict policy leaves without its style may cover its own button, so a
        press that does not arrive is given to the button itself.
        """
        if self._subject.launcher:
            launcher = self.page.locator(self._subject.launcher).first
            try:
                launcher.click(timeout=3000)
            except PlaywrightError:
                launcher.dispatch_event("click")
        if self._subject.input:
            self.page.locator(self._subject.input).first.wait_for(state="visible")
        self.page.wait_for_timeout(SETTLE_MS)

    def say(self, text: str) -> None:
        """Type, send with Enter, and wait for the answer."""
        if not self._subject.input:
            return
        place = self.page.locator(self._subject.input).first
        place.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.get_by_text(ANSWER).first.wait_for(state="visible")
        self.page.wait_for_timeout(SETTLE_MS)

    def third_parties(self) -> dict[str, int]:
        """Requests to anybody else, by host."""
        hosts = (urlsplit(each).netloc for each in self.requests if not self._is_ours(each))
        return dict(Counter(hosts))

    def loaded(self, files: dict[str, Packed]) -> dict[str, int]:
        """Bytes of the files that were asked for, each once."""
        paths = {urlsplit(each).path for each in self.requests if self._is_ours(each)}
        sizes = [files[path].sizes for path in sorted(paths & set(files))]
        return {form: sum(size[form] for size in sizes) for form in ("raw", "gzip", "brotli")}

    def stored(self) -> dict[str, Any]:
        """What the browser keeps, by place: keys and bytes (of keys and values)."""
        places: dict[str, list[dict[str, Any]]] = self.page.evaluate(STORED)
        places["cookies"] = [
            {
                "key": each.get("name", ""),
                "bytes": len(each.get("name", "") + each.get("value", "")),
            }
            for each in self._context.cookies()
        ]
        kept = {place: entries for place, entries in places.items() if entries}
        return {
            "keys": {place: [each["key"] for each in entries] for place, entries in kept.items()},
            "count": sum(len(entries) for entries in kept.values()),
            "bytes": sum(each["bytes"] for entries in kept.values() for each in entries),
        }

    def axe(self) -> list[dict[str, Any]]:
        """Rules that are broken, best practice included, with the number of nodes."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate((AXE / "axe.min.js").read_text("utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(RUN_AXE)
        return found

    def violations(self) -> dict[str, int]:
        """What the policy stopped so far."""
        return dict(Counter(self.page.evaluate("window.violations")))

    def launcher_place(self) -> dict[str, Any] | None:
        """Side of the launcher, and its distance from the nearer edge."""
        if not self._subject.launcher:
            return None
        box = self.page.locator(self._subject.launcher).first.bounding_box()
        if not box:
            return None
        width = self.page.evaluate("document.documentElement.clientWidth")
        left, right = box["x"], width - box["x"] - box["width"]
        return {
            "side": "left" if left < right else "right",
            "from_edge_px": round(min(left, right)),
        }


def observe(
    browser: Browser, url: str, subject: Subject, files: dict[str, Packed]
) -> dict[str, Any]:
    """Everything about one subject that is not timing, each kind on a visit of its own: axe-core
    itself asks for styles again, and a policy changes what is asked for."""
    found = _network(browser, url, subject, files)
    found["axe"] = _axe(browser, url, subject)
    found["csp"] = _csp(browser, url, subject)
    if subject.launcher:
        with Visit(browser, url, subject, **DESKTOP) as visit:
            visit.load("dir=rtl")
            found["launcher"]["rtl"] = visit.launcher_place()
    if subject.input:
        found["input_px"] = _input_px(browser, url, subject)
    return found


def _network(
    browser: Browser, url: str, subject: Subject, files: dict[str, Packed]
) -> dict[str, Any]:
    with Visit(browser, url, subject, **DESKTOP) as visit:
        visit.load()
        found: dict[str, Any] = {
            "bytes": visit.loaded(files),
            "requests": {"on_load": len(visit.requests)},
            "third_party": {"on_load": visit.third_parties()},
            "stored": {"before_click": visit.stored()},
            "launcher": {"ltr": visit.launcher_place()},
        }
        if subject.input:
            visit.open()
            found["requests"]["opened"] = len(visit.requests)
            found["third_party"]["opened"] = visit.third_parties()
            found["stored"]["opened"] = visit.stored()
            visit.say("Hello")
            found["requests"]["answered"] = len(visit.requests)
            found["third_party"]["answered"] = visit.third_parties()
            found["stored"]["answered"] = visit.stored()
    return found


def _axe(browser: Browser, url: str, subject: Subject) -> dict[str, Any]:
    with Visit(browser, url, subject, **DESKTOP) as visit:
        visit.load()
        found = {"closed": visit.axe()}
        if subject.input:
            visit.open()
            found["opened"] = visit.axe()
            visit.say("Hello")
            found["answered"] = visit.axe()
    return found


def _csp(browser: Browser, url: str, subject: Subject) -> dict[str, Any]:
    with Visit(browser, url, subject, **DESKTOP) as visit:
        visit.load("csp")
        found = {"on_load": visit.violations()}
        if subject.input:
            visit.open()
            found["opened"] = visit.violations()
    return found


def _input_px(browser: Browser, url: str, subject: Subject) -> float:
    with Visit(browser, url, subject, **PHONE) as visit:
        visit.load()
        visit.open()
        place = visit.page.locator(subject.input or "").first
        size = place.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        return float(size)

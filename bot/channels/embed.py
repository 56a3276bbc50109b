"""What another site puts into its pages: the script, the frame, and the page that makes the tag."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory

from bot.channels.api import wording
from bot.channels.pages import chat_page
from bot.settings import PROJECT, Settings

embed = Blueprint("embed", __name__, template_folder="templates")

DIST: Final = PROJECT / "web_widget" / "dist"
FRAMED: Final = ("language", "route", "borough", "accent")
"""Attributes that the address of the frame may give. Not the exit address nor the headline: a
link to our page must not lead, or say, what somebody else likes."""
_ASSET_S: Final = 300


@functools.lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    file = PROJECT / "web_widget" / "attributes.json"
    attributes: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    return {name: re.compile(each.get("pattern", "")) for name, each in attributes.items()}


def framed_attributes(given: dict[str, str]) -> dict[str, str]:
    """The attributes of the chat in the frame; what can't be right is left out."""
    return {
        name: given[name]
        for name in FRAMED
        if name in given and _patterns()[name].fullmatch(given[name])
    }


def integrity(name: str) -> str:
    """What the `integrity` of a script tag says of a served file as it is now."""
    digest = hashlib.sha384((DIST / name).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


@embed.get("/embed")
def frame() -> str:
    """The chat alone, for a frame in a page of another site."""
    return chat_page("embed.html", framed_attributes(request.args.to_dict()), is_framed=True)


@embed.get("/embed/builder")
def builder() -> str:
    """A page for hosts: choose, look, and copy the tag."""
    settings: Settings = current_app.extensions["waymark.settings"]
    words = wording()
    places: dict[str, Any] = words.directory.places
    return render_template(
        "builder.html",
        lang="en",
        dir="ltr",
        t={"title": "Waymark: put the chat into your page"},
        languages=words.catalogues.languages.values(),
        boroughs=sorted(places.values(), key=lambda place: place.name),
        framed=FRAMED,
        is_listed=bool(settings.allowed_origins),
        integrity=integrity("widget.js"),
    )


SCRIPTS: Final = ("widget.js", "aid.js", "builder.js")
SERVED: Final = ",".join(f"'{name}','{name}.map'" for name in SCRIPTS)


@embed.get(f"/<any({SERVED}):name>")
def script(name: str) -> Response:
    """The widget in one file, what it fetches for a worker, and what belongs to them."""
    return send_from_directory(DIST, name, max_age=_ASSET_S)

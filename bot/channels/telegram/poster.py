"""A poster for a wall: what it is in one language, a QR code, pieces to tear off.

It is read in public, perhaps beside the wrong person: it names ordinary worries and nothing
else, and the pieces carry only our name and the way in. One HTML file, black on white, that
asks nobody for anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.telegram.deep_links import DeepLink, compose
from bot.errors import WaymarkError
from bot.wording import Wording

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
ROUTES: Final = ("self", "other", "worker")
PIECES: Final = 8
"""Pieces of 23 mm on a page of A4: a code of 41 modules is read from half a millimetre each."""

_PAGE = re.compile(r"https://([A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:/[A-Za-z0-9._~-]+)*)/?")
_BOT = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{4,31})")


class PosterError(WaymarkError):
    """A poster that can't be made: says what can."""


@dataclass(frozen=True)
class WayIn:
    """Where the code leads. `address`: what a person without a camera can type."""

    url: str
    address: str
    how: str


def telegram_way(bot: str, link: DeepLink) -> WayIn:
    """To the bot, with its door already chosen.

    Raises:
        PosterError: no such name of a bot is possible.
    """
    named = _BOT.fullmatch(bot.strip())
    if not named:
        raise PosterError("A bot's name has 5 to 32 letters, digits or '_', such as WaymarkBot.")
    address = f"t.me/{named[1]}"
    return WayIn(f"https://{address}?start={compose(link)}", address, "utter_poster_telegram")


def web_way(page: str, link: DeepLink) -> WayIn:
    """To the web page, in the poster's language. Its address takes neither route nor borough.

    Raises:
        PosterError: not an address that starts with https://.
    """
    named = _PAGE.fullmatch(page.strip())
    if not named:
        raise PosterError("The page needs an address like https://waymark.example")
    return WayIn(f"https://{named[1]}/?language={link.language}", named[1], "utter_poster_web")


def hints(wording: Wording, language: str, borough: str | None, route: str | None) -> DeepLink:
    """What a poster's link says, checked: a poster with a wrong link is found out too late.

    Raises:
        PosterError: lists what there is.
    """
    languages = wording.catalogues.languages
    tag = language.replace("-", "_").lower()
    code = next((each for each in languages if each.lower() == tag), None)
    if code is None:
        raise PosterError(f"No catalogue for '{language}'. There is: {', '.join(languages)}")
    if borough is not None and borough not in wording.directory.places:
        places = ", ".join(wording.directory.places)
        raise PosterError(f"No borough '{borough}'. There is: {places}")
    if route is not None and route not in ROUTES:
        raise PosterError(f"No route '{route}'. There is: {', '.join(ROUTES)}")
    return DeepLink(code, route, borough)


def make_poster(wording: Wording, link: DeepLink, way: WayIn) -> str:
    """The poster as one HTML page."""
    language = wording.catalogues.languages[link.language or "en"]

    def text(name: str, **values: Any) -> str:
        return wording.text(language.code, name, **values)

    where = text("utter_poster_london")
    if link.place:
        name = wording.directory.places[link.place].name.replace(" ", "\u00a0")
        where = text("utter_poster_place", place=wording.isolate(language.code, name))
    title = {"other": "utter_poster_title_other", "worker": "utter_poster_title_worker"}
    return (
        _templates()
        .get_template("poster.html")
        .render(
            lang=language.code.replace("_", "-"),
            dir=language.dir,
            name=text("utter_telegram_name"),
            title=text(title.get(link.route or "", "utter_poster_title")),
            topics=text("utter_poster_topics"),
            where=where,
            free=text("utter_poster_free"),
            how=text(way.how).splitlines(),
            address_label=text("utter_poster_address"),
            piece=text("utter_poster_piece"),
            emergency=text("utter_poster_emergency"),
            draft=text("utter_draft_language") if language.is_draft else "",
            url=way.url,
            address=way.address,
            address_parts=re.split(r"(?<=[/.])", way.address),
            code=qr_code(way.url, error="m"),
            small_code=qr_code(way.url, error="l"),
            pieces=PIECES,
        )
    )


def qr_code(url: str, *, error: str) -> Markup:
    """A QR code as inline SVG, with the quiet border that cameras need.

    Args:
        error: segno's level of error correction, 'l' to 'h'; low is coarser, so easier to
            read when small.
    """
    code = segno.make(url, error=error, micro=False, boost_error=False)
    return Markup(code.svg_inline(omitsize=True, svgclass=None, lineclass=None))  # noqa: S704 - digits only


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

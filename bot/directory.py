"""The directory of services: the only place a phone number, an address or hours come from.

Data and schema stand in data/services/. One lookup serves every channel.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import yaml

from bot.errors import WaymarkError
from bot.text import normal_form

DATA: Final = Path(__file__).parent.parent / "data" / "services"
STALE_AFTER_DAYS: Final = 183
"""An entry checked longer ago than six months is warned about."""
OUTSIDE: Final = "outside"
LAST_RESORT: Final = "modern-slavery-helpline"
_T = TypeVar("_T")
_CHILD_ONLY = "child"
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}")
"""A whole postcode without a space; its first half is the group."""


class DirectoryError(WaymarkError, ValueError):
    """The directory can't be trusted: names file, entry and field."""


@dataclass(frozen=True)
class OpenHours:
    """A range of days with opening and closing time ('mon' to 'fri', '09:00' to '17:00')."""

    days: tuple[str, str]
    opens: str
    closes: str


@dataclass(frozen=True)
class Service:
    """One entry, as shown. `hours` is 'always', 'every_day_may_change', 'unknown' or ranges."""

    id: str
    name: str
    description: str
    audience: frozenset[str]
    needs: frozenset[str]
    ages: str
    area: str
    phone: str | None
    option: str | None
    can_dial: bool
    sms_number: str | None
    sms_word: str | None
    web: str | None
    hours: str | tuple[OpenHours, ...]
    rank: int
    source: str
    source_name: str
    checked: datetime.date


@dataclass(frozen=True)
class Place:
    """A London authority."""

    id: str
    name: str
    aliases: tuple[str, ...]
    contacts: tuple[Service, ...] = field(default=())


@dataclass(frozen=True)
class Directory:
    """All services and places, loaded once and never changed."""

    services: dict[str, Service]
    places: dict[str, Place]
    outcodes: dict[str, tuple[str, ...]]

    def service(self, service_id: str) -> Service:
        """One entry, national or local.

        Raises:
            DirectoryError: there is no such entry.
        """
        found = self.services.get(service_id) or self._local.get(service_id)
        if found is None:
            raise DirectoryError(f"no service '{service_id}' in {DATA}")
        return found

    @functools.cached_property
    def _local(self) -> dict[str, Service]:
        return {contact.id: contact for place in self.places.values() for contact in place.contacts}

    def find(
        self,
        needs: list[str],
        *,
        audience: str,
        child: bool = False,
        place: str | None = None,
        limit: int = 4,
    ) -> list[Service]:
        """Services for these needs, the most fitting first; the helpline where nothing fits.

        Args:
            needs: need ids, most urgent first.
            audience: self, other or worker.
            child: the person concerned is under 18.
            place: a place id; its own contacts come first.
            limit: how many entries at most.
        """
        found: list[Service] = []
        if place in self.places:
            wanted = _CHILD_ONLY if child else "adult"
            found += [
                contact
                for contact in self.places[place].contacts
                if audience in contact.audience and contact.ages in (wanted, "any")
            ][:2]
        for need in needs:
            fitting = [
                service
                for service in self.services.values()
                if need in service.needs
                and audience in service.audience
                and (service.ages != "adult" if child else service.ages != _CHILD_ONLY)
                and (service.phone or service.sms_number or service.web)
            ]
            fitting.sort(key=lambda service: service.rank)
            found += [service for service in fitting[:2] if service not in found]
        if needs and not found:
            found.append(self.service(LAST_RESORT))
        return found[:limit]

    def candidates(self, typed: str) -> list[str]:
        """Place ids that a typed place may mean: by name, alias, typo or first half of a postcode.

        Returns:
            [] when nothing is near; [OUTSIDE] for the first half of a postcode outside London.
        """
        words = normal_form(typed)
        if not words:
            return []
        for token in words.upper().split():
            whole = _POSTCODE.fullmatch(token)
            outcode = whole.group(1) if whole else token
            trimmed = outcode.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            if found := self.outcodes.get(outcode) or self.outcodes.get(trimmed):
                return list(found)
        if exact := self._named(words):
            return exact
        near = difflib.get_close_matches(words, self._names, n=4, cutoff=0.72)
        near += [name for part in _parts(words) for name in self._near(part)]
        found_ids = list(dict.fromkeys(place for name in near for place in self._names[name]))
        if found_ids:
            return found_ids[:3]
        first = words.upper().split()[0]
        looks_like_outcode = first[:1].isalpha() and first[-1:].isdigit() and len(first) <= 4
        return [OUTSIDE] if looks_like_outcode else []

    def _near(self, part: str) -> list[str]:
        return difflib.get_close_matches(part, self._names, n=2, cutoff=0.85)

    def _named(self, words: str) -> list[str]:
        padded = f" {words} "
        hits = [name for name in self._names if f" {name} " in padded]
        if not hits:
            return []
        longest = max(hits, key=len)
        return list(self._names[longest])

    @functools.cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for place in self.places.values():
            for name in (place.name, *place.aliases):
                key = normal_form(name)
                names[key] = (*names.get(key, ()), place.id)
        return names

    def stale(self, today: datetime.date) -> list[Service]:
        """Entries checked longer ago than six months."""
        entries = [*self.services.values(), *self._local.values()]
        return [s for s in entries if (today - s.checked).days > STALE_AFTER_DAYS]


def _parts(words: str) -> list[str]:
    """Single words, pairs and triples of a sentence, of five letters or more."""
    single = words.split()[:30]
    parts = [
        " ".join(single[i : i + length])
        for length in (3, 2, 1)
        for i in range(len(single) - length + 1)
    ]
    return [part for part in parts if len(part) > 4]


@functools.lru_cache(maxsize=2)
def load_directory(folder: Path = DATA) -> Directory:
    """Read and check the whole directory.

    Raises:
        DirectoryError: a file is missing or malformed, or an entry lacks source or date.
    """
    schema = _read(folder / "schema.json", _schema)
    national, boroughs = folder / "national.yml", folder / "boroughs.yml"
    services = {
        entry["id"]: _service(entry, national)
        for entry in _read(national, lambda text: _entries(text, schema, "national"))
    }
    places = {
        entry["id"]: _place(entry, boroughs)
        for entry in _read(boroughs, lambda text: _entries(text, schema, "boroughs"))
    }
    outcodes = _read(folder / "outcodes.csv", lambda text: _outcodes(text, places))
    return Directory(services, places, outcodes)


def _read(file: Path, parse: Callable[[str], _T]) -> _T:
    """What `parse` makes of a file; every failure names the file."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except DirectoryError as error:
        raise DirectoryError(f"{file}: {error}") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise DirectoryError(f"{file} can't be read: {error}") from error


def _schema(text: str) -> dict[str, Any]:
    parts: dict[str, Any] = json.loads(text)["$defs"]
    return {"national": parts["national"], "boroughs": parts["boroughs"], **parts}


def _entries(text: str, schema: dict[str, Any], part: str) -> list[dict[str, Any]]:
    import jsonschema

    entries: list[dict[str, Any]] = yaml.safe_load(text)
    try:
        jsonschema.validate(entries, {"$ref": f"#/$defs/{part}", "$defs": schema})
    except jsonschema.ValidationError as error:
        where = list(error.absolute_path)
        entry = entries[where[0]] if where and isinstance(entries, list) else ""
        name = entry.get("id", where[0]) if isinstance(entry, dict) else entry
        raise DirectoryError(f"{name} {'.'.join(map(str, where))}: {error.message}") from error
    ids = [entry["id"] for entry in entries]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise DirectoryError(f"{', '.join(twice)} stands twice")
    return entries


def _outcodes(text: str, places: dict[str, Place]) -> dict[str, tuple[str, ...]]:
    rows = list(csv.DictReader(text.splitlines()))
    outcodes = {row["outcode"]: tuple(row["boroughs"].split()) for row in rows}
    if not outcodes:
        raise DirectoryError("no outcode at all")
    for outcode, ids in outcodes.items():
        if unknown := set(ids).difference(places):
            raise DirectoryError(f"{outcode} names {sorted(unknown)}, which boroughs.yml lacks")
    return outcodes


def _date(text: str, file: Path, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise DirectoryError(f"{file}: {name} checked: {error}") from error


def _service(entry: dict[str, Any], file: Path, **given: Any) -> Service:
    if not entry.get("source") or not entry.get("checked"):
        raise DirectoryError(f"{file}: {entry.get('id') or given.get('id')} has no source or date")
    sms = entry.get("sms") or {}
    hours = entry["hours"]
    return Service(
        id=given.get("id") or entry["id"],
        name=given.get("name") or entry["name"],
        description=entry.get("description") or "",
        audience=frozenset(entry["audience"]),
        needs=frozenset(entry.get("needs") or ()),
        ages=given.get("ages") or entry["ages"],
        area=given.get("area") or entry["area"],
        phone=entry.get("phone"),
        option=entry.get("option"),
        can_dial=entry.get("dial", True),
        sms_number=sms.get("number"),
        sms_word=sms.get("word"),
        web=entry.get("web"),
        hours=hours
        if isinstance(hours, str)
        else tuple(OpenHours(tuple(h["days"]), h["opens"], h["closes"]) for h in hours),
        rank=entry.get("rank", 5),
        source=entry["source"],
        source_name=entry.get("source_name")
        or urlsplit(entry["source"]).hostname
        or entry["source"],
        checked=_date(str(entry["checked"]), file, str(given.get("id") or entry.get("id"))),
    )


def _place(entry: dict[str, Any], file: Path) -> Place:
    contacts = tuple(
        _service(
            contact,
            file,
            id=f"{entry['id']}-{number}",
            name=entry["name"],
            area=entry["id"],
            ages={"child": "child", "adult": "adult"}.get(contact["for"], "any"),
        )
        for number, contact in enumerate(entry.get("contacts") or (), 1)
    )
    return Place(entry["id"], entry["name"], tuple(entry["aliases"]), contacts)

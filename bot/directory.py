"""The directory of services: the only place a phone number, an address or hours come from.

Data and schema stand in data/services/. One lookup serves every channel.
"""

from __future__ import annotations

import csv
import datetime
import functools
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import yaml

from bot.errors import WaymarkError
from bot.open_hours import Hours, OpenHours, is_open, london_now
from bot.places import OUTSIDE, WHOLE, PlaceNames, name_table

DATA: Final = Path(__file__).parent.parent / "data" / "services"
STALE_AFTER_DAYS: Final = 183
"""An entry checked longer ago than six months is warned about."""
LAST_RESORT: Final = "modern-slavery-helpline"
_T = TypeVar("_T")
_CHILD_ONLY = "child"


class DirectoryError(WaymarkError, ValueError):
    """The directory can't be trusted: names file, entry and field."""


@dataclass(frozen=True)
class Service:
    """One entry, as shown; `first_for` are the needs in which it is the specialist."""

    id: str
    name: str
    description: str
    audience: frozenset[str]
    needs: frozenset[str]
    first_for: frozenset[str]
    ages: str
    area: str
    phone: str | None
    option: str | None
    can_dial: bool
    sms_number: str | None
    sms_word: str | None
    web: str | None
    hours: Hours
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
    place_names: PlaceNames

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
        now: datetime.datetime | None = None,
    ) -> list[Service]:
        """Services for these needs: specialists first, the helpline always among them.

        Args:
            needs: need ids, most urgent first; 'child' is added for a child.
            audience: self, other or worker.
            child: the person concerned is, or may be, under 18.
            place: a place id; its own contacts come after the specialists of other needs.
            limit: how many entries at most, two or more.
            now: the time in London, for what is open.
        """
        wanted = list(dict.fromkeys([*needs, *(["child"] if child else [])]))
        fitting = [self._for_need(need, audience, child) for need in wanted]
        first = [
            [service for service in services if need in service.first_for]
            for need, services in zip(wanted, fitting, strict=True)
        ]
        local = self.local(place, audience=audience, child=child, now=now) if place else []
        order = [*_in_turn(first), *local, *_in_turn(fitting)]
        if child:  # the council must act for a child, and can
            order = [*local, *order]
        found = list(dict.fromkeys(order))[:limit]
        helpline = self.service(LAST_RESORT)
        return found if helpline in found else [*found[: limit - 1], helpline]

    def local(
        self, place: str, *, audience: str, child: bool, now: datetime.datetime | None = None
    ) -> list[Service]:
        """At most two of a place's own contacts; none that is closed while another is open."""
        if place not in self.places:
            return []
        when = now or london_now()
        contacts = [
            contact
            for contact in self.places[place].contacts
            if audience in contact.audience
            and contact.ages in (_CHILD_ONLY if child else "adult", "any")
        ]
        awake = [contact for contact in contacts if is_open(contact.hours, when) is not False]
        by_number = {contact.phone: contact for contact in reversed(awake or contacts)}
        return list(reversed(by_number.values()))[:2]

    def _for_need(self, need: str, audience: str, child: bool) -> list[Service]:
        fitting = [
            service
            for service in self.services.values()
            if need in service.needs
            and audience in service.audience
            and (service.ages != "adult" if child else service.ages != _CHILD_ONLY)
        ]
        return sorted(fitting, key=lambda s: (child and s.ages != _CHILD_ONLY, s.rank))

    def candidates(self, typed: str) -> list[str]:
        """Place ids that a typed place may mean (bot/places.py)."""
        return self.place_names.candidates(typed)

    def stale(self, today: datetime.date) -> list[Service]:
        """Entries checked longer ago than six months."""
        entries = [*self.services.values(), *self._local.values()]
        return [s for s in entries if (today - s.checked).days > STALE_AFTER_DAYS]


def _in_turn(lists: list[list[Service]]) -> list[Service]:
    """The best of each list, then the second best of each, and so on."""
    ranked = itertools.zip_longest(*lists)
    return [service for row in ranked for service in row if service is not None]


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
    elsewhere = _read(folder / "elsewhere.yml", lambda text: _elsewhere(text, schema))
    names = [(name, p.id) for p in places.values() for name in (p.name, *p.aliases)]
    return Directory(services, places, PlaceNames(name_table([*names, *elsewhere]), outcodes))


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
    return {**parts, **{part: parts[part] for part in ("national", "boroughs", "elsewhere")}}


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


def _elsewhere(text: str, schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Names that mean no authority: (name, OUTSIDE or WHOLE)."""
    import jsonschema

    names: dict[str, list[str]] = yaml.safe_load(text)
    try:
        jsonschema.validate(names, {"$ref": "#/$defs/elsewhere", "$defs": schema})
    except jsonschema.ValidationError as error:
        raise DirectoryError(error.message) from error
    keys = {"outside": OUTSIDE, "whole": WHOLE}
    return [(name, keys[key]) for key, listed in names.items() for name in listed]


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
        first_for=frozenset(entry.get("first_for") or ()),
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

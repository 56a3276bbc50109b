"""The lookup: which services are for whom, where and now. One for every channel."""

from __future__ import annotations

import datetime
import functools
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bot.directory.files import DATA, LAST_RESORT, read_files
from bot.directory.marked_yaml import DirectoryError
from bot.directory.rules import Entry
from bot.open_hours import Hours, OpenHours, is_open, london_now
from bot.places import OUTSIDE, WHOLE, PlaceNames, name_table

STALE_AFTER_DAYS: Final = 183
"""An entry checked longer ago than six months is warned about."""
OVERDUE_AFTER_DAYS: Final = 365
"""An emergency number checked longer ago than twelve months is a problem."""
_CHILD_ONLY = "child"


@dataclass(frozen=True)
class Service:
    """One entry, as shown.

    Attributes:
        first_for: the needs in which it is the specialist.
        checked_by: the role of whoever checked it last, never a name.
        is_emergency: shown in danger, self-harm, child and 'numbers' answers.
        note: for maintainers; nobody is shown it.
    """

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
    checked_by: str = "compiled"
    is_emergency: bool = False
    source_date: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Place:
    """An authority; `languages` that people who need help there may speak, as gettext codes."""

    id: str
    name: str
    aliases: tuple[str, ...]
    contacts: tuple[Service, ...] = ()
    languages: tuple[str, ...] = ()


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

    @property
    def entries(self) -> list[Service]:
        """Every service and every contact of a place."""
        return [*self.services.values(), *self._local.values()]

    def stale(self, today: datetime.date, *, days: int = STALE_AFTER_DAYS) -> list[Service]:
        """Entries checked longer ago than so many days, by default six months."""
        return [entry for entry in self.entries if (today - entry.checked).days > days]

    def overdue(self, today: datetime.date) -> list[Service]:
        """Emergency numbers checked longer ago than twelve months."""
        return [s for s in self.stale(today, days=OVERDUE_AFTER_DAYS) if s.is_emergency]


def _in_turn(lists: list[list[Service]]) -> list[Service]:
    """The best of each list, then the second best of each, and so on."""
    ranked = itertools.zip_longest(*lists)
    return [service for row in ranked for service in row if service is not None]


@functools.lru_cache(maxsize=2)
def load_directory(folder: Path = DATA) -> Directory:
    """Read and check the whole directory.

    Raises:
        DirectoryError: names every field that can't be trusted, with file and line.
    """
    files = read_files(folder)
    services = {entry["id"]: _service(entry) for entry in files.national.values()}
    places = {entry["id"]: _place(entry) for entry in files.boroughs.values()}
    named = [(name, place.id) for place in places.values() for name in (place.name, *place.aliases)]
    for key, names in files.elsewhere.items():
        named += [(name, {"outside": OUTSIDE, "whole": WHOLE}[key]) for name in names]
    return Directory(services, places, PlaceNames(name_table(named), files.outcodes))


def _service(entry: Entry, **given: Any) -> Service:
    sms = entry.get("sms") or {}
    hours = entry["hours"]
    values: Entry = {"description": "", "needs": (), "rank": 5} | entry | given
    return Service(
        id=values["id"],
        name=values["name"],
        description=values["description"],
        audience=frozenset(entry["audience"]),
        needs=frozenset(values["needs"]),
        first_for=frozenset(entry.get("first_for", ())),
        ages=values["ages"],
        area=values["area"],
        phone=entry["phone"],
        option=entry.get("option"),
        can_dial=entry.get("dial", True),
        sms_number=sms.get("number"),
        sms_word=sms.get("word"),
        web=entry.get("web"),
        hours=hours
        if isinstance(hours, str)
        else tuple(OpenHours(tuple(h["days"]), h["opens"], h["closes"]) for h in hours),
        rank=values["rank"],
        source=entry["source"],
        source_name=entry.get("source_name")
        or urlsplit(entry["source"]).hostname
        or entry["source"],
        checked=datetime.date.fromisoformat(entry["checked"]),
        checked_by=entry["checked_by"],
        is_emergency=entry.get("emergency", False),
        source_date=entry["source_date"],
        note=entry["note"] or "",
    )


def _place(entry: Entry) -> Place:
    contacts = tuple(
        _service(
            contact,
            id=f"{entry['id']}-{number}",
            name=entry["name"],
            area=entry["id"],
            ages={"child": "child", "adult": "adult"}.get(contact["for"], "any"),
        )
        for number, contact in enumerate(entry["contacts"], 1)
    )
    languages = tuple(entry.get("languages", ()))
    return Place(entry["id"], entry["name"], tuple(entry["aliases"]), contacts, languages)

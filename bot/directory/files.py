"""The files of data/services/: read and checked, so that whoever takes them can trust them.

Every problem of every file is found at once, and names file, line and field. What an entry means
is for bot/directory/.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.directory.marked_yaml import DirectoryError, parse, read_text, shown
from bot.directory.rules import Entry, Rules, read_part, read_rules
from bot.settings import PROJECT

DATA: Final = PROJECT / "data" / "services"
LAST_RESORT: Final = "modern-slavery-helpline"
"""Always among those that are found."""
NATIONAL: Final = "national"
BOROUGHS: Final = "boroughs"
"""Folders, a file an entry."""
PART_OF: Final = {NATIONAL: "national", BOROUGHS: "borough"}
"""What the files of a folder are in the schema."""


@dataclass(frozen=True)
class DirectoryFiles:
    """What the files say, checked; entries by their id, in its order."""

    national: dict[str, Entry]
    boroughs: dict[str, Entry]
    elsewhere: dict[str, list[str]]
    outcodes: dict[str, tuple[str, ...]]


def read_files(folder: Path = DATA) -> DirectoryFiles:
    """Read and check every file.

    Raises:
        DirectoryError: with every problem of every file.
    """
    rules = read_rules(folder)
    national, problems = _read_entries(folder / NATIONAL, rules)
    boroughs, more = _read_entries(folder / BOROUGHS, rules)
    problems += more
    elsewhere: dict[str, list[str]] = {}
    outcodes: dict[str, tuple[str, ...]] = {}
    try:
        elsewhere = read_part(folder / "elsewhere.yml", "elsewhere", rules.schema)
    except DirectoryError as error:
        problems += error.problems
    try:
        outcodes = _read_outcodes(folder / "outcodes.csv", frozenset(boroughs))
    except DirectoryError as error:
        problems += error.problems
    problems += _about_ids(folder, national, boroughs)
    if problems:
        raise DirectoryError(*problems)
    return DirectoryFiles(national, boroughs, elsewhere, outcodes)


def _read_entries(folder: Path, rules: Rules) -> tuple[dict[str, Entry], list[str]]:
    """Entries by file name, empty where there are problems; and the problems."""
    entries: dict[str, Entry] = {}
    problems = [f"{shown(p)} is not read: call it {p.stem}.yml" for p in folder.glob("*.yaml")]
    for path in sorted(folder.glob("*.yml"), key=lambda path: path.stem):
        entries[path.stem] = {}
        try:
            entries[path.stem] = rules.check(parse(path, read_text(path)), PART_OF[folder.name])
        except DirectoryError as error:
            problems += error.problems
    return entries, problems if entries else [f"{shown(folder)} has no entry", *problems]


def _about_ids(
    folder: Path, national: dict[str, Entry], boroughs: dict[str, Entry]
) -> Iterator[str]:
    """Ids over all files: within a folder, file names make them single."""
    if LAST_RESORT not in national:
        yield f"{shown(folder / NATIONAL)}: {LAST_RESORT}.yml is missing; every answer names it"
    owners = {each: each for each in boroughs}
    for place, entry in boroughs.items():
        for number, _ in enumerate(entry.get("contacts", ()), 1):
            each = f"{place}-{number}"
            if each in owners:
                yield _taken(folder, BOROUGHS, each, place)
            owners[each] = place
    for each in national.keys() & owners.keys():
        yield _taken(folder, NATIONAL, each, owners[each])


def _taken(folder: Path, part: str, entry_id: str, place: str) -> str:
    file, other = folder / part / f"{entry_id}.yml", folder / BOROUGHS / f"{place}.yml"
    return f"{shown(file)}:1: id: '{entry_id}' stands for something in {shown(other)}, too"


def _read_outcodes(path: Path, places: frozenset[str]) -> dict[str, tuple[str, ...]]:
    reader = csv.DictReader(read_text(path).splitlines())
    outcodes: dict[str, tuple[str, ...]] = {}
    for row in reader:
        line = f"{shown(path)}:{reader.line_num}"
        if not row.get("outcode") or not row.get("boroughs"):
            raise DirectoryError(f"{line}: needs an outcode and boroughs")
        ids = tuple(row["boroughs"].split())
        if unknown := sorted(set(ids).difference(places)):
            raise DirectoryError(
                f"{line}: boroughs: {row['outcode']} names {', '.join(unknown)}; no such file"
            )
        outcodes[row["outcode"]] = ids
    if not outcodes:
        raise DirectoryError(f"{shown(path)}:1: no outcode at all")
    return outcodes

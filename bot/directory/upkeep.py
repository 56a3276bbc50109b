"""Keeping the directory true: what is oldest, what a person must ask, and the record of a check."""

from __future__ import annotations

import datetime
import difflib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.directory.files import BOROUGHS, DATA, NATIONAL, PART_OF
from bot.directory.lookup import Directory, Service, load_directory
from bot.directory.marked_yaml import DirectoryError, parse, read_text, shown
from bot.directory.rules import Rules, read_rules

_NEAREST: Final = 3


def by_age(
    directory: Directory,
    today: datetime.date,
    *,
    ids: Sequence[str] = (),
    older_than: int | None = None,
) -> list[Service]:
    """Entries, the longest unchecked first.

    Args:
        ids: only these; a place's id stands for all its contacts. None: every entry.
        older_than: only those checked more days ago than this.

    Raises:
        DirectoryError: there is no such id; names the nearest.
    """
    places = directory.places
    wanted = {
        entry.id
        for each in ids
        for entry in (places[each].contacts if each in places else [find_entry(directory, each)])
    }
    entries = [entry for entry in directory.entries if not ids or entry.id in wanted]
    if older_than is not None:
        entries = [each for each in entries if (today - each.checked).days > older_than]
    return sorted(entries, key=lambda each: (each.checked, each.id))


def find_entry(directory: Directory, entry_id: str) -> Service:
    """One entry by its id.

    Raises:
        DirectoryError: there is none; names the nearest.
    """
    ids = [entry.id for entry in directory.entries]
    if entry_id not in ids:
        near = difflib.get_close_matches(entry_id, ids, n=_NEAREST, cutoff=0.5)
        offer = f"did you mean {', '.join(near)}?" if near else "`waymark directory list` has all"
        raise DirectoryError(f"there is no entry '{entry_id}': {offer}")
    return directory.service(entry_id)


def file_of(directory: Directory, entry: Service, folder: Path = DATA) -> Path:
    """The file that an entry stands in."""
    is_national = entry.id in directory.services
    return folder / (
        f"{NATIONAL}/{entry.id}.yml" if is_national else f"{BOROUGHS}/{entry.area}.yml"
    )


def record(
    entry_id: str,
    *,
    date: datetime.date,
    role: str,
    source: str,
    today: datetime.date,
    folder: Path = DATA,
) -> Path:
    """Write down a check: the day, the role and the source; every other byte stays.

    Another source than before has no date of its own yet, so `source_date` becomes null.

    Raises:
        DirectoryError: the id, the role or the date can't be; nothing was written.
    """
    directory, rules = load_directory(folder), read_rules(folder)
    entry = find_entry(directory, entry_id)
    source = " ".join(source.split())
    if date > today:
        raise DirectoryError(f"{date} lies in the future")
    if role not in rules.roles:
        raise DirectoryError(f"there is no role '{role}': {', '.join(rules.roles)}")
    if not source:
        raise DirectoryError("a check needs a source: a page, or 'called by the operator'")
    fields: dict[str, str | None] = {
        "source": source,
        "checked": date.isoformat(),
        "checked_by": role,
    }
    if source != entry.source:
        fields["source_date"] = None
    path = file_of(directory, entry, folder)
    number = None if entry.id in directory.services else int(entry.id.rpartition("-")[2]) - 1
    _replace(path, _edited(path, number, fields, rules))
    load_directory.cache_clear()
    return path


def _edited(path: Path, number: int | None, fields: dict[str, str | None], rules: Rules) -> str:
    """The text of a file with other values in the fields of the entry, or of its contact."""
    where: tuple[str | int, ...] = () if number is None else ("contacts", number)
    file = parse(path, read_text(path))
    text, changed = file.text, file.data if number is None else file.data["contacts"][number]
    nodes = {name: file.node(*where, name) for name in fields if changed[name] != fields[name]}
    for name, node in sorted(nodes.items(), key=lambda each: -each[1].start_mark.index):
        start, end = node.start_mark.index, node.end_mark.index
        ending = text[start:end]
        ending = ending[len(ending.rstrip()) :]  # a block's value ends on the next line
        text = f"{text[:start]}{_scalar(fields[name])}{ending}{text[end:]}"
        changed[name] = fields[name]
    by_hand = file.problem("is written so that only a person can edit it", *where)
    try:
        edited = parse(path, text)
    except DirectoryError as error:
        raise DirectoryError(by_hand) from error
    if edited.data != file.data:
        raise DirectoryError(by_hand)
    rules.check(edited, PART_OF[path.parent.name])
    return text


def _scalar(value: str | None) -> str:
    """A value as YAML on one line."""
    import yaml

    written: str = yaml.safe_dump([value], default_flow_style=True, width=10**6, allow_unicode=True)
    return written.strip()[1:-1]


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the old one's place: it is never half written."""
    new = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
        new = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        shutil.copymode(path, new)
        new.replace(path)
    except OSError as error:
        if new:
            new.unlink(missing_ok=True)
        raise DirectoryError(f"{shown(path)} can't be written: {error}") from error

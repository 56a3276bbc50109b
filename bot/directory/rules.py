"""What an entry of the directory must be: the schema, forbidden numbers, names and dates."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.directory.marked_yaml import DirectoryError, YamlFile, parse, read_text, shown
from bot.places import OUTSIDE, WHOLE
from bot.text import normal_form

RESERVED: Final = frozenset({OUTSIDE, WHOLE, "none", "all"})
"""Ids that a place can't have: they stand for no place, in bot/places.py and bot/choices.py."""
PARTS: Final = ("national", "borough", "elsewhere", "forbidden", "checked_by")
"""What the schema must define."""
_MAX_MESSAGE: Final = 200
Entry = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """The schema's definitions, and forbidden numbers (digits) with the audience they may have."""

    schema: Entry
    forbidden: dict[str, frozenset[str]]

    @functools.cached_property
    def roles(self) -> list[str]:
        """Who may have made a check."""
        return list(self.schema["checked_by"]["enum"])

    def check(self, file: YamlFile, part: str) -> Entry:
        """The entry of a file that is of this part of the schema, national or borough.

        Raises:
            DirectoryError: with every problem of the file.
        """
        check_shape(file, part, self.schema)
        if problems := [*_about_itself(file), *_about_numbers(file, self.forbidden)]:
            raise DirectoryError(*problems)
        entry: Entry = file.data
        return entry


def read_rules(folder: Path) -> Rules:
    """Read schema.json and forbidden.yml.

    Raises:
        DirectoryError: one is missing or malformed.
    """
    path = folder / "schema.json"
    try:
        parts: Entry = json.loads(read_text(path))["$defs"]
        schema = parts | {part: parts[part] for part in PARTS}
    except (ValueError, LookupError, TypeError) as error:
        if isinstance(error, DirectoryError):
            raise
        raise DirectoryError(f"{shown(path)} can't be read: {error!r}") from error
    listed = read_part(folder / "forbidden.yml", "forbidden", schema)
    forbidden = {_digits(each["number"]): frozenset(each.get("only_for", ())) for each in listed}
    return Rules(schema, forbidden)


def read_part(path: Path, part: str, schema: Entry) -> Any:
    """What a file says that must have the shape of a part of the schema.

    Raises:
        DirectoryError: it is missing, malformed or of another shape.
    """
    file = parse(path, read_text(path))
    check_shape(file, part, schema)
    return file.data


def check_shape(file: YamlFile, part: str, schema: Entry) -> None:
    """Hold a file against a part of the schema.

    Raises:
        DirectoryError: with a problem for every field that is wrong.
    """
    import jsonschema

    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": schema})
    errors = [jsonschema.exceptions.best_match([each]) for each in validator.iter_errors(file.data)]
    if errors:
        lines = [line for error in errors for line in _explain(file, error)]
        raise DirectoryError(*dict.fromkeys(lines))  # each missing field is told of all


def _explain(file: YamlFile, error: Any) -> Iterator[str]:
    where = list(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield file.problem("is missing", *where, name)
    elif error.validator == "additionalProperties":
        for name in error.instance:
            if name not in error.schema["properties"]:
                yield file.problem("there is no such field", *where, name)
    else:
        said = error.schema.get("errorMessage", error.message)
        yield file.problem(said[:_MAX_MESSAGE], *where)


def _about_itself(file: YamlFile) -> Iterator[str]:
    """What the schema can't say of one entry: its name, its needs, its dates."""
    entry = file.data
    if entry["id"] != file.path.stem:
        yield file.problem(f"is '{entry['id']}', but the file is {file.path.name}", "id")
    for need in entry.get("first_for", ()):
        if need not in entry["needs"]:
            yield file.problem(f"{need} does not stand in needs", "first_for")
    if "contacts" in entry:
        yield from _about_aliases(file)
        if entry["id"] in RESERVED:
            yield file.problem("stands for no place: take another", "id")
    for where, part in _checked_parts(entry):
        try:
            datetime.date.fromisoformat(part["checked"])
        except ValueError as error:
            yield file.problem(str(error), *where, "checked")


def _about_aliases(file: YamlFile) -> Iterator[str]:
    seen: set[str] = set()
    for number, alias in enumerate(file.data["aliases"]):
        if not normal_form(alias):
            yield file.problem(f"'{alias}' has no letters to be found by", "aliases", number)
        if alias.casefold() in seen:
            yield file.problem(f"'{alias}' stands twice", "aliases", number)
        seen.add(alias.casefold())


def _about_numbers(file: YamlFile, forbidden: dict[str, frozenset[str]]) -> Iterator[str]:
    """Numbers that may not be shown, or that a place gives twice for the same."""
    seen: list[tuple[Any, ...]] = []
    for where, part in _checked_parts(file.data):
        sms = part.get("sms") or {}
        for number, *field in ((part["phone"], "phone"), (sms.get("number"), "sms", "number")):
            only_for = forbidden.get(_digits(number or ""))
            if only_for is not None and only_for != frozenset(part["audience"]):
                yield file.problem(f"{number} is forbidden (forbidden.yml)", *where, *field)
        if where:
            same = (_digits(part["phone"]), part["for"], part["hours"])
            if same in seen:
                yield file.problem("stands before, for the same people and hours", *where, "phone")
            seen.append(same)


def _checked_parts(entry: Entry) -> list[tuple[tuple[str | int, ...], Entry]]:
    """What has a number and a date of its own: a national entry, or each contact of a place."""
    if "contacts" not in entry:
        return [((), entry)]
    return [(("contacts", number), each) for number, each in enumerate(entry["contacts"])]


def _digits(number: str) -> str:
    return number.replace(" ", "")

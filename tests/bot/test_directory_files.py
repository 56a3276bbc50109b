"""bot/directory/files.py: what can't be trusted is refused, with file, line and field."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.choices import ALL_PLACES, NO_PLACE
from bot.directory import DATA, LAST_RESORT, DirectoryError, load_directory
from bot.directory.files import read_files
from bot.directory.rules import RESERVED, read_rules

FILES = ("schema.json", "forbidden.yml", "outcodes.csv", "elsewhere.yml")
NATIONAL = ("acas", "civil-legal-advice", LAST_RESORT)
BOROUGHS = ("barking-and-dagenham", "brent")
ACAS, BARKING = "national/acas.yml", "boroughs/barking-and-dagenham.yml"
LEGAL = "national/civil-legal-advice.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few files of the directory, to spoil."""
    for name in (*FILES, *(f"national/{n}.yml" for n in NATIONAL)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(DATA / name, tmp_path / name)
    (tmp_path / "boroughs").mkdir()
    for name in BOROUGHS:
        shutil.copy(DATA / "boroughs" / f"{name}.yml", tmp_path / "boroughs")
    (tmp_path / "outcodes.csv").write_text("outcode,boroughs\nIG11,barking-and-dagenham\n")
    return tmp_path


def spoil(folder: Path, name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change an entry; JSON is YAML, too."""
    entry = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    change(entry)
    (folder / name).write_text(json.dumps(entry), encoding="utf-8")


def replace(folder: Path, name: str, old: str, new: str) -> int:
    """Change the text of a file; gives the line of the change."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(DirectoryError) as caught:
        read_files(folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def problem(folder: Path) -> str:
    (only,) = problems(folder)
    return only


# --- files ---------------------------------------------------------------------------------
def test_the_copy_is_sound(folder: Path) -> None:
    assert set(load_directory(folder).services) == set(NATIONAL)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert name in problem(folder)


@pytest.mark.parametrize("name", ["national", "boroughs"])
def test_a_missing_or_empty_folder_is_named(folder: Path, name: str) -> None:
    for file in (folder / name).iterdir():
        file.unlink()
    empty = problems(folder)
    (folder / name).rmdir()

    assert problems(folder) == empty
    assert empty[0] == f"{folder / name} has no entry"


def test_an_entry_that_would_not_be_read_is_named(folder: Path) -> None:
    (folder / ACAS).rename(folder / "national/acas.yaml")

    assert problem(folder) == f"{folder / 'national/acas.yaml'} is not read: call it acas.yml"


def test_the_helpline_can_not_be_removed(folder: Path) -> None:
    """Every answer names it."""
    (folder / f"national/{LAST_RESORT}.yml").unlink()

    assert LAST_RESORT in problem(folder)


@pytest.mark.parametrize("name", [ACAS, BARKING])
@pytest.mark.parametrize("text", ["", "# only a comment\n", "hello", "- hello", "[]", "null"])
def test_a_file_without_an_entry_is_named(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)

    assert problem(folder).startswith(f"{folder / name}:1: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: {\n", 3), ("a: 1\nb: [1\nc: 2\n", 3), ("a: 1\n  b: 2\n", 2), ("a: 1\nb: \x07", 2)],
    ids=["brace", "bracket", "indent", "control character"],
)
@pytest.mark.parametrize("name", [ACAS, BARKING, "forbidden.yml", "elsewhere.yml"])
def test_a_malformed_file_is_named(folder: Path, name: str, text: str, line: int) -> None:
    (folder / name).write_text(text)

    assert problem(folder).startswith(f"{folder / name}:{line}: no YAML: ")


def test_what_is_no_text_is_named(folder: Path) -> None:
    (folder / ACAS).write_bytes(b"name: \xff")

    assert problem(folder).startswith(f"{folder / ACAS} can't be read: ")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"$defs": {}}'])
def test_a_malformed_schema_is_named(folder: Path, text: str) -> None:
    (folder / "schema.json").write_text(text)

    assert "schema.json" in problem(folder)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("a,b\n1,2\n", 2), ("outcode,boroughs\nSE1\n", 2), ("outcode,boroughs\n", 1)],
)
def test_malformed_outcodes_are_named(folder: Path, text: str, line: int) -> None:
    """Without outcodes no postcode would ever be found."""
    (folder / "outcodes.csv").write_text(text)

    assert problem(folder).startswith(f"{folder / 'outcodes.csv'}:{line}: ")


def test_an_outcode_of_no_borough_is_named(folder: Path) -> None:
    with (folder / "outcodes.csv").open("a") as stream:
        stream.write("ZZ9,atlantis brent\n")

    message = problem(folder)
    assert "outcodes.csv:3: boroughs: ZZ9 names atlantis; " in message


def test_every_problem_is_told_at_once(folder: Path) -> None:
    spoil(folder, ACAS, lambda e: e.update(rank=0, ages="old"))
    spoil(folder, BARKING, lambda e: e["contacts"][1].pop("source"))
    (folder / "elsewhere.yml").write_text("{}")

    assert len(problems(folder)) == 5  # elsewhere.yml lacks both lists


# --- fields --------------------------------------------------------------------------------
SCHEMA = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))["$defs"]


@pytest.mark.parametrize("field", SCHEMA["national"]["required"])
def test_a_missing_field_names_file_and_field(folder: Path, field: str) -> None:
    spoil(folder, ACAS, lambda entry: entry.pop(field))

    assert problem(folder) == f"{folder / ACAS}:1: {field}: is missing"


@pytest.mark.parametrize("field", SCHEMA["contact"]["required"])
def test_a_missing_field_of_a_contact_is_named(folder: Path, field: str) -> None:
    spoil(folder, BARKING, lambda entry: entry["contacts"][1].pop(field))

    assert problem(folder) == f"{folder / BARKING}:1: contacts.2.{field}: is missing"


@pytest.mark.parametrize("field", SCHEMA["borough"]["required"])
def test_a_missing_field_of_a_place_is_named(folder: Path, field: str) -> None:
    spoil(folder, BARKING, lambda entry: entry.pop(field))

    assert problem(folder) == f"{folder / BARKING}:1: {field}: is missing"


WRONG_VALUES = [
    ("id", "Bad Id"),
    ("id", "acas-2"),
    ("name", ""),
    ("name", " "),
    ("description", "Call 999 now"),
    ("audience", []),
    ("audience.1", ["everyone"]),
    ("needs.1", ["love"]),
    ("first_for", ["labour", "danger"]),
    ("first_for", []),
    ("emergency", False),
    ("ages", "old"),
    ("area", "mars"),
    ("phone", "+44 20 7946 0000"),
    ("phone", 999),
    ("option", 2),
    ("dial", True),
    ("sms.word", {"number": "64999"}),
    ("sms.number", {"number": 64999, "word": None}),
    ("web", "javascript:alert(1)"),
    ("hours", "24/7"),
    ("hours", 24),
    ("hours.1.opens", [{"days": ["mon", "fri"], "opens": "9", "closes": "17:00"}]),
    ("hours.1.closes", [{"days": ["mon", "fri"], "opens": "09:00", "closes": 1020}]),
    ("hours.1.days", [{"days": ["mon"], "opens": "09:00", "closes": "17:00"}]),
    ("hours.1.closes", [{"days": ["mon", "fri"], "opens": "09:00"}]),
    ("hours", []),
    ("rank", 0),
    ("source", ""),
    ("source", None),
    ("source_date", "last year"),
    ("checked", None),
    ("checked", ""),
    ("checked", "21/11/2026"),
    ("checked", "2026-02-31"),
    ("checked_by", "a person's name"),
    ("note", None),
    ("extra", "field"),
]


@pytest.mark.parametrize(("where", "value"), WRONG_VALUES)
def test_a_wrong_value_names_file_entry_and_field(folder: Path, where: str, value: Any) -> None:
    spoil(folder, ACAS, lambda entry: entry.update({where.split(".")[0]: value}))

    message = problem(folder)
    assert message.startswith(f"{folder / ACAS}:1: {where}: ")
    assert len(message) < len(str(folder)) + 300


WRONG_PLACES = [
    ("languages.1", {"languages": ["English"], "languages_source": "x"}),
    ("languages", {"languages": [], "languages_source": "x"}),
    ("languages", {"languages": ["en", "en"], "languages_source": "x"}),
    ("aliases", {"aliases": []}),
    ("aliases", {"aliases": ["Barking", "Barking"]}),
    ("aliases.2", {"aliases": ["Barking", "BARKING"]}),
    ("aliases.2", {"aliases": ["Barking", "!!"]}),
    ("contacts", {"contacts": None}),
]


@pytest.mark.parametrize(("where", "change"), WRONG_PLACES)
def test_a_wrong_value_of_a_place_is_named(
    folder: Path, where: str, change: dict[str, Any]
) -> None:
    spoil(folder, BARKING, lambda entry: entry.update(change))

    assert problem(folder).startswith(f"{folder / BARKING}:1: {where}: ")


@pytest.mark.parametrize("one", ["languages", "languages_source"])
def test_languages_and_their_source_go_together(folder: Path, one: str) -> None:
    both = {"languages": ["en", "zh_Hans"], "languages_source": "Census 2021"}
    spoil(folder, "boroughs/brent.yml", lambda entry: [entry.pop(each, None) for each in both])
    spoil(folder, "boroughs/brent.yml", lambda entry: entry.update({one: both[one]}))
    refused = problem(folder)
    spoil(folder, "boroughs/brent.yml", lambda entry: entry.update(both))

    assert "languages_source" in refused
    assert load_directory(folder).places["brent"].languages == ("en", "zh_Hans")


def test_a_service_that_can_not_be_reached_is_refused(folder: Path) -> None:
    spoil(folder, ACAS, lambda entry: entry.update(phone=None, sms=None, web=None))

    assert problem(folder).endswith(":1: needs a phone, an sms or a web: it can't be reached")


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        (ACAS, "rank: 4", "rank: four", "rank"),
        (ACAS, "ages: any", "age: any", "age"),
        (ACAS, "closes: '18:00'", "closes: 18:00", "hours.1.closes"),
        (LEGAL, "opens: '09:00', closes: '12:30'", "opens: '9', closes: '12:30'", "hours.2.opens"),
        (BARKING, "for: adult", "for: adults", "contacts.2.for"),
        (BARKING, "'2026-11-21'", "'2026-11-31'", "contacts.1.checked"),
    ],
)
def test_the_line_of_the_field_is_named(
    folder: Path, name: str, old: str, new: str, where: str
) -> None:
    line = replace(folder, name, old, new)

    assert f"{folder / name}:{line}: {where}: " in str(problems(folder))


def test_the_line_of_an_alias_is_named(folder: Path) -> None:
    line = replace(folder, BARKING, "Becontree,", "\n    BARKING,\n    Becontree,") + 1

    assert problem(folder) == f"{folder / BARKING}:{line}: aliases.5: 'BARKING' stands twice"


def test_a_field_that_stands_twice_is_refused(folder: Path) -> None:
    """YAML would silently keep the second number."""
    line = replace(folder, ACAS, "sms: null", "phone: '0300 123 1101'\nsms: null")

    assert problem(folder) == f"{folder / ACAS}:{line}: phone: stands twice"


def test_a_date_needs_no_quotes(folder: Path) -> None:
    """Editors take it for text; so does the directory."""
    replace(folder, ACAS, "checked: '2026-11-21'", "checked: 2026-11-22")

    assert load_directory(folder).service("acas").checked == datetime.date(2026, 11, 22)


# --- ids and numbers --------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["brent", "barking-and-dagenham-1"])
def test_an_id_stands_for_one_thing_only(folder: Path, name: str) -> None:
    spoil(folder, ACAS, lambda entry: entry.update(id=name))
    (folder / ACAS).rename(folder / f"national/{name}.yml")

    assert problem(folder).startswith(f"{folder / 'national' / name}.yml:1: id: '{name}' stands")


def test_a_place_called_like_a_contact_is_refused(folder: Path) -> None:
    spoil(folder, "boroughs/brent.yml", lambda entry: entry.update(id="barking-and-dagenham-3"))
    (folder / "boroughs/brent.yml").rename(folder / "boroughs/barking-and-dagenham-3.yml")

    assert "barking-and-dagenham-3" in problem(folder)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_place_is_called_like_none(folder: Path, name: str) -> None:
    assert {ALL_PLACES, NO_PLACE} <= RESERVED
    spoil(folder, "boroughs/brent.yml", lambda entry: entry.update(id=name))
    (folder / "boroughs/brent.yml").rename(folder / f"boroughs/{name}.yml")

    assert problem(folder).endswith("id: stands for no place: take another")


def test_a_number_twice_for_the_same_people_and_hours_is_refused(folder: Path) -> None:
    def again(entry: dict[str, Any]) -> None:
        entry["contacts"].append(entry["contacts"][0] | {"phone": "02082273811"})

    spoil(folder, BARKING, again)
    refused = problem(folder)
    spoil(folder, BARKING, lambda entry: entry["contacts"][3].update({"for": "adult"}))

    assert refused.startswith(f"{folder / BARKING}:1: contacts.4.phone: stands before")
    assert read_files(folder).boroughs


FORBIDDEN = yaml.safe_load((DATA / "forbidden.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("each", FORBIDDEN, ids=lambda each: each["number"])
@pytest.mark.parametrize("field", ["phone", "sms", "contact"])
def test_a_forbidden_number_is_refused_in_any_grouping(
    folder: Path, each: dict[str, Any], field: str
) -> None:
    number = each["number"].replace(" ", "")
    number = f"{number[:2]} {number[2:]}"
    if field == "contact":
        spoil(folder, BARKING, lambda entry: entry["contacts"][0].update(phone=number))
    else:
        value = number if field == "phone" else {"number": number, "word": None}
        spoil(folder, ACAS, lambda entry: entry.update({field: value}))

    assert f"{number} is forbidden" in problem(folder)


def test_a_line_for_professionals_may_stand_for_workers_alone(folder: Path) -> None:
    number = next(each["number"] for each in FORBIDDEN if each.get("only_for") == ["worker"])
    spoil(folder, ACAS, lambda entry: entry.update(phone=number, audience=["worker"]))
    allowed = read_files(folder).national["acas"]["phone"]
    spoil(folder, ACAS, lambda entry: entry.update(audience=["worker", "other"]))

    assert allowed == number
    assert "is forbidden" in problem(folder)


# --- one file is enough ---------------------------------------------------------------------------
NEW_SERVICE = """\
# yaml-language-server: $schema=../schema.json
id: new-line
name: New Line
description: A line for people at work.
audience: [self]
needs: [labour]
first_for: [labour]
ages: any
area: london
phone: '020 7946 0000'
sms: null
web: null
hours: unknown
rank: 1
source: https://line.example/
source_date: null
checked: '2026-11-28'
checked_by: operator
note: ''
"""
NEW_PLACE = """\
# yaml-language-server: $schema=../schema.json
id: watford
name: Watford
aliases: [Watfird]
languages: [en, ro]
languages_source: Census 2021
contacts:
  - for: any
    audience: [self, other, worker]
    phone: '020 7946 0001'
    hours: always
    source: called by the operator
    source_date: null
    checked: '2026-11-28'
    checked_by: operator
    note: null
"""


def test_a_service_and_a_place_are_added_with_a_file_each(tmp_path: Path) -> None:
    """Also a place that elsewhere.yml still counts as outside London."""
    folder = Path(shutil.copytree(DATA, tmp_path / "services"))
    (folder / "national/new-line.yml").write_text(NEW_SERVICE)
    (folder / "boroughs/watford.yml").write_text(NEW_PLACE)

    directory = load_directory(folder)
    found = directory.find(["labour"], audience="self", place="watford", limit=9)
    assert {"new-line", "watford-1"} <= {service.id for service in found}
    assert directory.candidates("i live in watford") == ["watford"]
    assert directory.candidates("Watfird") == ["watford"]
    assert directory.places["watford"].languages == ("en", "ro")


# --- the schema ----------------------------------------------------------------------------------
def fields(part: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        for key, below in part.items():
            if key == "properties" and "additionalProperties" in part:
                yield from ((f"{name}.{field}", each) for field, each in below.items())
            yield from fields(below, f"{name}.{key}")


def test_every_field_is_described_for_editors() -> None:
    described = dict(fields(SCHEMA))

    assert len(described) > 40
    assert [name for name, each in described.items() if len(each.get("description", "")) < 9] == []


@pytest.mark.parametrize("name", [ACAS, BARKING])
def test_an_editor_picks_the_shape_of_the_file(name: str) -> None:
    """The one schema serves both folders: a file of the other kind doesn't fit."""
    import jsonschema

    schema = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    entry = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))

    assert validator.is_valid(entry)
    assert not validator.is_valid(entry | {"elsewhere": True})
    assert not validator.is_valid(entry | {"aliases": ["x"], "phone": "999"})


@pytest.mark.parametrize("path", sorted(DATA.glob("*/*.yml")), ids=lambda path: path.stem)
def test_every_file_names_its_schema(path: Path) -> None:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")

    assert first == "# yaml-language-server: $schema=../schema.json"


def test_roles_are_no_names() -> None:
    assert read_rules(DATA).roles == ["compiled", "operator", "volunteer", "service"]

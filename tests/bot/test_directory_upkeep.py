"""bot/directory/upkeep.py and the checklist: what is oldest, and the record of a check."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.directory import DATA, Directory, DirectoryError, load_directory
from bot.directory.checklist import checklist
from bot.directory.upkeep import by_age, record

TODAY = datetime.date(2027, 3, 1)
CHECK: dict[str, Any] = {
    "date": datetime.date(2027, 2, 27),
    "role": "operator",
    "source": "called by the operator",
    "today": TODAY,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "services"))


@pytest.fixture
def directory(folder: Path) -> Directory:
    return load_directory(folder)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def changed_lines(before: dict[str, bytes], folder: Path) -> list[tuple[str, str, str]]:
    """(file, old line, new line) of everything that is not as before; no line came or went."""
    after = everything(folder)
    assert after.keys() == before.keys()
    result = []
    for name, old in before.items():
        lines = old.splitlines(keepends=True), after[name].splitlines(keepends=True)
        assert len(lines[0]) == len(lines[1])
        result += [(name, a.decode(), b.decode()) for a, b in zip(*lines, strict=True) if a != b]
    return result


# --- record: what is refused ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("entry", "change", "said"),
    [
        ("acass", {}, "did you mean acas?"),
        ("barnet", {}, "did you mean barnet-2, barnet-1"),
        ("barnet-3", {}, "barnet-"),
        ("zzzzzz", {}, "waymark directory list"),
        ("acas", {"date": datetime.date(2027, 3, 2)}, "2027-03-02 lies in the future"),
        ("acas", {"role": "Jane Doe"}, "compiled, operator, volunteer, service"),
        ("acas", {"role": ""}, "compiled, operator, volunteer, service"),
        ("acas", {"source": " \n"}, "needs a source"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    folder: Path, entry: str, change: dict[str, Any], said: str
) -> None:
    before = everything(folder)

    with pytest.raises(DirectoryError, match=said):
        record(entry, folder=folder, **CHECK | change)

    assert changed_lines(before, folder) == []


def test_what_can_not_be_edited_safely_is_left_alone(folder: Path) -> None:
    """A value that stands in another field's place: an edit would change both."""
    path = folder / "national/acas.yml"
    text = path.read_text(encoding="utf-8").replace("'2026-08-21'", "&day '2026-11-21'")
    path.write_text(text.replace("checked: '2026-11-21'", "checked: *day"), encoding="utf-8")
    before = everything(folder)

    with pytest.raises(DirectoryError, match="only a person can edit"):
        record(
            "acas", folder=folder, **CHECK | {"source": "https://github.com/alphagov/smart-answers"}
        )
    assert everything(folder) == before


def test_a_full_disk_leaves_the_file_and_no_remains(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Path, target: Path) -> None:
        raise OSError("no space left")

    before = everything(folder)
    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(DirectoryError, match=r"acas\.yml can't be written: no space left"):
        record("acas", folder=folder, **CHECK)
    assert everything(folder) == before


# --- record: what changes --------------------------------------------------------------------
def test_only_the_lines_of_the_check_change(folder: Path) -> None:
    path = folder / "national/acas.yml"
    text = path.read_text(encoding="utf-8").replace(
        "checked: '2026-11-21'", "checked:   '2026-11-21'   # by phone, twice"
    )
    path.write_text(text + "\n# a remark: للاختبار\n", encoding="utf-8")
    before = everything(folder)

    assert record("acas", folder=folder, **CHECK) == path
    name = "national/acas.yml"
    assert changed_lines(before, folder) == [
        (
            name,
            "source: https://github.com/alphagov/smart-answers\n",
            "source: called by the operator\n",
        ),
        (name, "source_date: '2026-08-21'\n", "source_date: null\n"),
        (
            name,
            "checked:   '2026-11-21'   # by phone, twice\n",
            "checked:   '2027-02-27'   # by phone, twice\n",
        ),
        (name, "checked_by: compiled\n", "checked_by: operator\n"),
    ]


def test_the_same_source_keeps_its_date(folder: Path, directory: Directory) -> None:
    before = everything(folder)
    source = directory.service("acas").source

    record("acas", folder=folder, **CHECK | {"source": f" {source} "})

    assert [new for _, _, new in changed_lines(before, folder)] == [
        "checked: '2027-02-27'\n",
        "checked_by: operator\n",
    ]


def test_a_contact_of_a_place_is_found_by_its_number(folder: Path) -> None:
    """Southwark's file is full of Arabic and Chinese: places in it count letters, not bytes."""
    before = everything(folder)

    record("southwark-2", folder=folder, **CHECK)

    after = load_directory(folder).places["southwark"].contacts
    assert [contact.checked_by for contact in after] == ["compiled", "operator", "compiled"]
    assert {name for name, _, _ in changed_lines(before, folder)} == {"boroughs/southwark.yml"}
    assert len(changed_lines(before, folder)) == 3  # it had no source_date


def test_line_ends_and_the_mode_of_the_file_stay(folder: Path) -> None:
    path = folder / "national/acas.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    before = everything(folder)

    record("acas", folder=folder, **CHECK)

    assert len(changed_lines(before, folder)) == 4
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_source_on_several_lines_becomes_one(folder: Path) -> None:
    path = folder / "national/acas.yml"
    text = path.read_text(encoding="utf-8")
    source = "https://github.com/alphagov/smart-answers"
    path.write_text(text.replace(source, f">-\n  {source}"), encoding="utf-8")

    record("acas", folder=folder, **CHECK)

    assert "\nsource: called by the operator\nsource_name: GOV.UK\n" in path.read_text("utf-8")


@pytest.mark.parametrize("source", ["a: b", "#1, see {x}", "'quoted'", "null", "- 2026-01-01", "é"])
def test_any_source_is_written_so_that_it_is_read_again(folder: Path, source: str) -> None:
    record("acas", folder=folder, **CHECK | {"source": source})

    assert load_directory(folder).service("acas").source == source


def test_a_check_recorded_twice_changes_nothing_more(folder: Path) -> None:
    record("acas", folder=folder, **CHECK)
    before = everything(folder)
    record("acas", folder=folder, **CHECK)

    assert changed_lines(before, folder) == []


def test_entries_of_every_layout_can_be_recorded(folder: Path, directory: Directory) -> None:
    ids = [entry.id for entry in directory.entries[::6]]
    for each in ids:
        record(each, folder=folder, **CHECK)

    after = load_directory(folder)
    assert [e.id for e in after.entries if e.checked_by == "operator"] == ids
    assert [e.id for e in after.entries if e.checked == CHECK["date"]] == ids


# --- by age ------------------------------------------------------------------------------------
def test_the_oldest_comes_first(folder: Path) -> None:
    record("acas", folder=folder, **CHECK)
    record("barnet-1", folder=folder, **CHECK | {"date": datetime.date(2027, 1, 2)})
    directory = load_directory(folder)

    ids = [entry.id for entry in by_age(directory, TODAY)]
    assert len(ids) == len(directory.entries)
    assert ids[-2:] == ["barnet-1", "acas"]
    assert [entry.id for entry in by_age(directory, TODAY, ids=["acas", "barnet-1"])] == ids[-2:]


def test_only_what_is_older_than_so_many_days(folder: Path) -> None:
    record("acas", folder=folder, **CHECK)
    directory = load_directory(folder)
    days = (TODAY - datetime.date(2026, 11, 21)).days

    assert len(by_age(directory, TODAY, older_than=2)) == len(directory.entries) - 1
    assert by_age(directory, TODAY, older_than=days) == []
    assert by_age(directory, TODAY, older_than=days - 1, ids=["acas"]) == []


def test_a_place_stands_for_its_contacts(directory: Directory) -> None:
    found = by_age(directory, TODAY, ids=["southwark", "brent"])

    assert [entry.id for entry in found] == ["southwark-1", "southwark-2", "southwark-3"]


# --- checklist ---------------------------------------------------------------------------------
def test_the_checklist_asks_everything_of_every_entry(directory: Directory) -> None:
    entries = by_age(directory, TODAY)
    parts = checklist(directory, entries, TODAY).split("\n## ")[1:]

    assert [part.split(":")[0] for part in parts] == [entry.id for entry in entries]
    for entry, part in zip(entries, parts, strict=True):
        assert {"Hours", "Languages", "Cost", "Who it is for", "Source page still says so"} <= {
            line.removeprefix("- [ ] ").split(":")[0] for line in part.splitlines()
        }
        assert f"waymark directory record {entry.id} --role" in part
        shown = (entry.phone, entry.sms_number, entry.sms_word, entry.web, entry.note, entry.source)
        assert [each for each in shown if each and each not in part] == []


@pytest.mark.parametrize(
    ("entry", "is_said"),
    [("emergency-999", True), ("relay-uk-18000", True), ("shout", True), ("acas", False)],
)
def test_nobody_is_sent_to_ring_an_emergency_number(
    directory: Directory, entry: str, is_said: bool
) -> None:
    text = checklist(directory, by_age(directory, TODAY, ids=[entry]), TODAY)

    assert ("Do not ring or text it" in text) is is_said


def test_the_checklist_says_how_old_an_entry_is(directory: Directory) -> None:
    text = checklist(directory, by_age(directory, TODAY, ids=["lambeth-1"]), TODAY)

    assert "lambeth.yml`. Last check: 2026-11-21 (100 days ago), compiled." in text

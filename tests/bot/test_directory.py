"""bot/directory.py: the only place that a phone number comes from."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.directory import DATA, LAST_RESORT, Directory, DirectoryError, load_directory
from bot.settings import PROJECT

Change = Callable[[list[dict[str, Any]]], None]
FILES = ("schema.json", "national.yml", "boroughs.yml", "outcodes.csv", "elsewhere.yml")

# Numbers that were found to be wrong, old or for professionals; digits only. A number of
# four digits or more is looked for in any grouping.
MISPRINTS = ("0800121700", "08000555111")
OLD = (
    *("03003038151", "08007832589", "88858", "0500700700", "02077042040", "03005000914"),
    *("02088917969", "02087442442", "02086490418"),
)
UNCONFIRMED = ("08004320804", "03451616000")
FOR_ABUSERS = ("08088024040",)
NEVER_DIALLED = ("99955",)
FOR_PROFESSIONALS = ("03000724345", "02089372228", "02082552888", "02087536610")
NEVER_PRINTED = MISPRINTS + OLD + UNCONFIRMED + FOR_ABUSERS + NEVER_DIALLED + FOR_PROFESSIONALS


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data cut down to what the schema still accepts, so that it is read quickly."""
    folder = tmp_path_factory.mktemp("services")
    for name in ("schema.json", "outcodes.csv", "elsewhere.yml"):
        shutil.copy(DATA / name, folder / name)
    national = yaml.safe_load((DATA / "national.yml").read_text(encoding="utf-8"))[:5]
    boroughs = yaml.safe_load((DATA / "boroughs.yml").read_text(encoding="utf-8"))
    for number, borough in enumerate(boroughs):
        borough["aliases"] = borough["aliases"][:6]
        borough["contacts"] = borough["contacts"][: 1 if number == 0 else 0]
    write(folder / "national.yml", national)
    write(folder / "boroughs.yml", boroughs)
    load_directory(folder)
    return folder


@pytest.fixture
def folder(small: Path, tmp_path: Path) -> Path:
    """A copy of the data to spoil."""
    for name in FILES:
        shutil.copy(small / name, tmp_path / name)
    return tmp_path


def write(file: Path, entries: list[dict[str, Any]]) -> None:
    """As JSON, which is YAML too."""
    file.write_text(json.dumps(entries), encoding="utf-8")


def spoil(folder: Path, name: str, change: Change) -> None:
    entries = json.loads((folder / name).read_text(encoding="utf-8"))
    change(entries)
    write(folder / name, entries)


def refusal(folder: Path) -> str:
    with pytest.raises(DirectoryError) as caught:
        load_directory(folder)
    return str(caught.value)


# --- what can't be trusted is refused ------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert name in refusal(folder)


@pytest.mark.parametrize("name", ["national.yml", "boroughs.yml"])
@pytest.mark.parametrize(
    "text", ["", "hello", "- hello", "- [1]", "a: 1", "- {", "[]", "- null"], ids=repr
)
def test_a_malformed_file_is_named(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)

    assert name in refusal(folder)


@pytest.mark.parametrize("text", ["{", "[]", "{}"], ids=repr)
def test_a_malformed_schema_is_named(folder: Path, text: str) -> None:
    (folder / "schema.json").write_text(text)

    assert "schema.json" in refusal(folder)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "outcode,boroughs\nSE1\n"], ids=repr)
def test_malformed_outcodes_are_named(folder: Path, text: str) -> None:
    """Without outcodes no postcode would ever be found."""
    (folder / "outcodes.csv").write_text(text)

    assert "outcodes.csv" in refusal(folder)


def test_an_outcode_of_no_borough_is_named(folder: Path) -> None:
    with (folder / "outcodes.csv").open("a") as stream:
        stream.write("ZZ9,atlantis\n")

    message = refusal(folder)
    assert "ZZ9" in message
    assert "atlantis" in message


NATIONAL_FIELDS = (
    *("id", "name", "description", "audience", "needs", "ages", "area", "phone", "sms", "web"),
    *("hours", "rank", "source", "source_date", "checked", "note"),
)


@pytest.mark.parametrize("field", NATIONAL_FIELDS)
def test_a_missing_field_names_file_entry_and_field(folder: Path, field: str) -> None:
    entry = json.loads((folder / "national.yml").read_text())[3]
    spoil(folder, "national.yml", lambda entries: entries[3].pop(field))

    message = refusal(folder)
    assert "national.yml" in message
    assert field in message
    assert field == "id" or entry["id"] in message


WRONG_VALUES = [
    ("id", "Bad Id"),
    ("name", ""),
    ("description", "Call 999 now"),
    ("audience", []),
    ("audience", ["everyone"]),
    ("needs", ["love"]),
    ("ages", "old"),
    ("area", "mars"),
    ("phone", "+44 20 7946 0000"),
    ("phone", 999),
    ("sms", {"number": "64999"}),
    ("web", "javascript:alert(1)"),
    ("hours", "24/7"),
    ("hours", [{"days": ["mon", "fri"], "opens": "9", "closes": "17:00"}]),
    ("hours", [{"days": ["mon"], "opens": "09:00", "closes": "17:00"}]),
    ("hours", []),
    ("rank", 0),
    ("source", ""),
    ("source", None),
    ("source_date", "last year"),
    ("checked", None),
    ("checked", ""),
    ("checked", "21/11/2026"),
    ("checked", "2026-02-31"),
    ("note", None),
    ("extra", "field"),
]


@pytest.mark.parametrize(("field", "value"), WRONG_VALUES)
def test_a_wrong_value_names_file_entry_and_field(folder: Path, field: str, value: Any) -> None:
    entry = json.loads((folder / "national.yml").read_text())[3]
    spoil(folder, "national.yml", lambda entries: entries[3].update({field: value}))

    message = refusal(folder)
    assert "national.yml" in message
    assert field in message
    assert field == "id" or entry["id"] in message


@pytest.mark.parametrize("field", ["source", "checked", "for", "audience", "phone", "hours"])
def test_a_local_contact_without_a_field_names_borough_and_field(folder: Path, field: str) -> None:
    spoil(folder, "boroughs.yml", lambda entries: entries[0]["contacts"][0].pop(field))

    message = refusal(folder)
    assert "boroughs.yml" in message
    assert "barking-and-dagenham" in message
    assert field in message


def test_a_service_that_can_not_be_reached_is_refused(folder: Path) -> None:
    spoil(folder, "national.yml", lambda e: e[3].update(phone=None, sms=None, web=None))

    assert "national.yml" in refusal(folder)


@pytest.mark.parametrize("name", ["national.yml", "boroughs.yml"])
def test_an_id_that_stands_twice_is_refused(folder: Path, name: str) -> None:
    """Else the second entry silently takes the place of the first."""
    spoil(folder, name, lambda entries: entries[1].update(id=entries[0]["id"]))

    assert name in refusal(folder)


def test_a_missing_borough_is_refused(folder: Path) -> None:
    spoil(folder, "boroughs.yml", lambda entries: entries.pop())

    assert "boroughs.yml" in refusal(folder)


def test_an_unknown_service_raises(directory: Directory) -> None:
    with pytest.raises(DirectoryError, match="no-such-line"):
        directory.service("no-such-line")


# --- the data itself -------------------------------------------------------------------------
def shown_files() -> list[Path]:
    """Everything that words or numbers are shown from."""
    return [
        PROJECT / "domain.yml",
        *(DATA / name for name in ("national.yml", "boroughs.yml", "outcodes.csv")),
        *sorted((PROJECT / "locales").rglob("*.po*")),
        PROJECT / "web_widget" / "strings.json",
    ]


def numbers_in(text: str) -> set[str]:
    """Digit groups, alone and joined as people group them, without spaces or hyphens."""
    latin = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    joined = re.findall(r"\d+(?:[ \u00a0\u202f().-]{1,2}\d+)*", latin)
    runs = {re.sub(r"\D", "", each) for each in joined}
    return runs | set(re.findall(r"\d+", latin))


@pytest.mark.parametrize("file", shown_files(), ids=lambda file: str(file.relative_to(PROJECT)))
def test_no_forbidden_number_is_shown(file: Path) -> None:
    """Lines for professionals may stand in the directory, for workers only (tested below)."""
    is_directory = file.parent == DATA
    forbidden = set(NEVER_PRINTED) - (set(FOR_PROFESSIONALS) if is_directory else set())

    assert numbers_in(file.read_text(encoding="utf-8")) & forbidden == set()


@pytest.mark.parametrize(
    "text", ["0800 121 700", "0300-303-8151", "٠٨٠٠ ١٢١ ٧٠٠", "(0800) 783 2589", "text 88858"]
)
def test_a_forbidden_number_would_be_found_in_any_grouping(text: str) -> None:
    assert numbers_in(text) & set(NEVER_PRINTED) != set()


@pytest.mark.parametrize("number", FOR_PROFESSIONALS)
def test_lines_for_professionals_are_for_workers_only(directory: Directory, number: str) -> None:
    audiences = [
        entry.audience
        for entry in everything(directory)
        if (entry.phone or "").replace(" ", "") == number
    ]

    assert all(audience == {"worker"} for audience in audiences)


def everything(directory: Directory) -> list[Any]:
    local = [contact for place in directory.places.values() for contact in place.contacts]
    return [*directory.services.values(), *local]


def test_every_entry_has_a_source_and_a_date(directory: Directory) -> None:
    assert [e.id for e in everything(directory) if not e.source or not e.checked] == []


def test_nothing_was_checked_in_the_future(directory: Directory) -> None:
    today = datetime.date.today()
    assert [e.id for e in everything(directory) if e.checked > today] == []


@pytest.mark.parametrize("service", ["modern-slavery-helpline", "nspcc"])
def test_lines_whose_sources_disagree_are_not_always_open(
    directory: Directory, service: str
) -> None:
    assert directory.service(service).hours != "always"


def test_the_two_numbers_that_come_first(directory: Directory) -> None:
    assert directory.service("emergency-999").phone == "999"
    helpline = directory.service("modern-slavery-helpline").phone or ""
    assert helpline.replace(" ", "") == "08000121700"


@pytest.mark.parametrize("service", ["silent-solution-55", "relay-uk-18000"])
def test_numbers_that_can_not_be_dialled_alone(directory: Directory, service: str) -> None:
    assert directory.service(service).can_dial is False


def test_local_contacts_have_ids_of_their_own(directory: Directory) -> None:
    ids = [entry.id for entry in everything(directory)]

    assert len(ids) == len(set(ids))
    assert directory.service("barnet-1").area == "barnet"


# --- stale ----------------------------------------------------------------------------------
def test_an_entry_is_stale_after_six_months(directory: Directory) -> None:
    checked = min(entry.checked for entry in everything(directory))

    assert directory.stale(checked + datetime.timedelta(days=183)) == []
    assert directory.stale(checked + datetime.timedelta(days=184)) != []


def test_local_contacts_go_stale_too(directory: Directory) -> None:
    stale = directory.stale(datetime.date(2099, 1, 1))

    assert len(stale) == len(everything(directory))


# --- find -------------------------------------------------------------------------------------
SCHEMA = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))
NEEDS = SCHEMA["$defs"]["national"]["items"]["properties"]["needs"]["items"]["enum"]
AUDIENCES = ("self", "other", "worker")
PLACES = (None, *load_directory().places)
PRODUCT = list(itertools.product(NEEDS, AUDIENCES, (False, True), PLACES))


def test_a_line_for_workers_is_never_given_to_others(directory: Directory) -> None:
    """Over the whole product of needs, audience, child and place."""
    wrong = [
        (service.id, need, audience, child, place)
        for need, audience, child, place in PRODUCT
        for service in directory.find([need], audience=audience, child=child, place=place, limit=99)
        if audience not in service.audience
    ]

    assert wrong == []


def test_a_child_is_never_sent_to_a_service_for_adults_nor_the_reverse(
    directory: Directory,
) -> None:
    wrong = [
        (service.id, need, audience, child, place)
        for need, audience, child, place in PRODUCT
        for service in directory.find([need], audience=audience, child=child, place=place, limit=99)
        if service.ages == ("adult" if child else "child")
    ]

    assert wrong == []


def test_everything_found_can_be_reached(directory: Directory) -> None:
    found = [
        service
        for need, audience, child, place in PRODUCT
        for service in directory.find([need], audience=audience, child=child, place=place)
    ]

    assert [s.id for s in found if not (s.phone or s.sms_number or s.web)] == []


@pytest.mark.parametrize("need", ["money", "housing", "health", "labour", "danger"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("child", [False, True], ids=["adult", "child"])
def test_needs_that_replies_announce_find_somebody(
    directory: Directory, need: str, audience: str, child: bool
) -> None:
    """The replies say 'These people can help': somebody must follow."""
    assert directory.find([need], audience=audience, child=child) != []


def test_find_keeps_the_order_of_needs_and_the_limit(directory: Directory) -> None:
    found = directory.find(["danger", "labour"], audience="self", limit=2)

    assert [service.id for service in found] == ["emergency-999", LAST_RESORT]


def test_the_helpline_is_always_among_them(directory: Directory) -> None:
    without = [
        (need, audience, child, place)
        for need, audience, child, place in PRODUCT
        for limit in (2, 3, 4)
        if directory.service(LAST_RESORT)
        not in directory.find([need], audience=audience, child=child, place=place, limit=limit)
    ]

    assert without == []


@pytest.mark.parametrize(
    ("need", "audience", "child", "first"),
    [
        ("marriage", "self", False, "forced-marriage-unit"),
        ("marriage", "self", True, "forced-marriage-unit"),
        ("domestic_servitude", "self", False, "kalayaan"),
        ("domestic_servitude", "self", True, "childline"),
        ("labour", "self", False, LAST_RESORT),
        ("sexual", "self", False, LAST_RESORT),
        ("sexual", "self", True, "childline"),
        ("criminal", "self", False, LAST_RESORT),
        ("criminal", "self", True, "childline"),
        ("child", "other", True, "nspcc"),
        ("child", "worker", True, "barnardos-ictg"),
        ("housing", "self", False, "shelter"),
        ("immigration", "self", False, "civil-legal-advice"),
        ("legal", "other", False, "civil-legal-advice"),
        ("domestic_abuse", "self", False, "national-domestic-abuse-helpline"),
        ("health", "worker", False, "nhs-111"),
        ("mental_health", "self", False, "nhs-111-mental-health"),
        ("report", "other", False, "crimestoppers"),
        ("rights", "self", False, "acas"),
    ],
)
def test_the_specialist_comes_first(
    directory: Directory, need: str, audience: str, child: bool, first: str
) -> None:
    assert directory.find([need], audience=audience, child=child)[0].id == first


def test_the_best_of_each_need_comes_before_the_second_best_of_any(directory: Directory) -> None:
    found = directory.find(["marriage", "immigration", "labour"], audience="self")

    assert [service.id for service in found] == [
        "forced-marriage-unit",
        "civil-legal-advice",
        LAST_RESORT,
        "karma-nirvana",
    ]


def test_a_line_for_people_who_ask_for_asylum_is_for_nobody_else(directory: Directory) -> None:
    found = [
        need
        for need, audience, child, place in PRODUCT
        if need != "asylum"
        and any(
            service.id == "migrant-help"
            for service in directory.find([need], audience=audience, child=child, limit=99)
        )
    ]

    assert found == []


def test_kalayaan_is_for_work_in_a_home_only(directory: Directory) -> None:
    assert directory.service("kalayaan").needs == {"domestic_servitude"}


@pytest.mark.parametrize("place", ["barnet", "brent"])
def test_a_number_that_two_boroughs_claim_is_shown_for_neither(
    directory: Directory, place: str
) -> None:
    phones = {contact.phone for contact in directory.places[place].contacts}

    assert "020 8359 2000" not in phones


def test_an_adult_s_council_comes_after_the_specialist(directory: Directory) -> None:
    """Councils' lines are for adults with care needs: no answer to 'nowhere to sleep'."""
    found = directory.find(["housing"], audience="self", place="lambeth")

    assert [service.id for service in found[:2]] == ["shelter", "lambeth-1"]


def test_a_child_s_council_comes_first(directory: Directory) -> None:
    found = directory.find(["housing"], audience="self", child=True, place="lambeth")

    assert found[0].id == "lambeth-1"


@pytest.mark.parametrize(
    ("hour", "shown"), [(12, ["southwark-1"]), (22, ["southwark-2"])], ids=["noon", "night"]
)
def test_a_council_line_that_is_closed_gives_way_to_one_that_is_open(
    directory: Directory, hour: int, shown: list[str]
) -> None:
    now = datetime.datetime(2026, 11, 23, hour)
    found = directory.local("southwark", audience="self", child=True, now=now)

    assert [contact.id for contact in found] == shown


def test_a_council_number_is_shown_once(directory: Directory) -> None:
    """Ealing gives one number for children, and again for the night."""
    now = datetime.datetime(2026, 11, 23, 22)
    found = directory.local("ealing", audience="self", child=True, now=now)

    assert [contact.id for contact in found] == ["ealing-1"]


def test_a_council_s_only_line_is_shown_also_when_it_is_closed(directory: Directory) -> None:
    now = datetime.datetime(2026, 11, 23, 22)
    found = directory.local("croydon", audience="self", child=False, now=now)

    assert [contact.id for contact in found] == ["croydon-1"]


def test_find_gives_nothing_twice(directory: Directory) -> None:
    found = directory.find(list(NEEDS), audience="worker", place="barnet", limit=99)

    assert len(found) == len({service.id for service in found})


def test_a_need_that_nobody_meets_finds_the_helpline(directory: Directory) -> None:
    found = directory.find(["no-such-need"], audience="self")

    assert [service.id for service in found] == [LAST_RESORT]

"""bot/directory/: the only place that a phone number comes from."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from pathlib import Path

import pytest
import yaml

from bot.directory import DATA, LAST_RESORT, Directory, DirectoryError, load_directory
from bot.settings import PROJECT
from bot.wording import EMERGENCY

FORBIDDEN = yaml.safe_load((DATA / "forbidden.yml").read_text(encoding="utf-8"))


def digits(number: str) -> str:
    return number.replace(" ", "")


NEVER_PRINTED = {digits(each["number"]) for each in FORBIDDEN}
FOR_WORKERS = {digits(each["number"]) for each in FORBIDDEN if "only_for" in each}
"""Of those, the numbers that an entry for workers alone may hold."""


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def test_an_unknown_service_raises(directory: Directory) -> None:
    with pytest.raises(DirectoryError, match="no-such-line"):
        directory.service("no-such-line")


# --- the data itself -------------------------------------------------------------------------
def shown_files() -> list[Path]:
    """Everything that words or numbers are shown from."""
    return [
        PROJECT / "domain.yml",
        *sorted(DATA.glob("*/*.yml")),
        DATA / "outcodes.csv",
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
    forbidden = NEVER_PRINTED - (FOR_WORKERS if file.is_relative_to(DATA) else set())

    assert numbers_in(file.read_text(encoding="utf-8")) & forbidden == set()


@pytest.mark.parametrize(
    "text", ["0800 121 700", "0300-303-8151", "٠٨٠٠ ١٢١ ٧٠٠", "(0800) 783 2589", "text 88858"]
)
def test_a_forbidden_number_would_be_found_in_any_grouping(text: str) -> None:
    assert numbers_in(text) & NEVER_PRINTED != set()


def test_lines_for_professionals_are_for_workers_only(directory: Directory) -> None:
    audiences = [
        entry.audience for entry in directory.entries if digits(entry.phone or "") in FOR_WORKERS
    ]

    assert all(audience == {"worker"} for audience in audiences)


@pytest.mark.parametrize(
    "number", ["0800 121 700", "08000 555 111", "0300 303 8151", "0808 802 4040", "99955"]
)
def test_the_worst_misprints_stay_forbidden(number: str) -> None:
    assert digits(number) in NEVER_PRINTED - FOR_WORKERS


def test_every_entry_has_a_source_and_a_date(directory: Directory) -> None:
    assert [e.id for e in directory.entries if not e.source or not e.checked] == []


def test_nothing_was_checked_in_the_future(directory: Directory) -> None:
    today = datetime.date.today()
    assert [e.id for e in directory.entries if e.checked > today] == []


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
    ids = [entry.id for entry in directory.entries]

    assert len(ids) == len(set(ids))
    assert directory.service("barnet-1").area == "barnet"


def test_the_33_authorities_of_london_are_there(directory: Directory) -> None:
    assert len(directory.places) >= 33
    assert [place.id for place in directory.places.values() if len(place.aliases) < 6] == []


SHOWN_IN_DANGER = re.compile(
    r"utter_(numbers|welcome|danger_\w+|self_harm_\w+|child_\w+|say_unsafe\w*|no_danger_now"
    r"|cannot_call|waiting_danger|help_first)"
)
"""Responses with the numbers that a life may hang on."""


def linked_services(variations: list[dict]) -> set[str]:
    """Services that a response names or links."""
    return {
        service
        for each in variations
        for service in (
            *((each.get("custom") or {}).get("links") or ()),
            *(key.replace("_", "-") for key in re.findall(r"\{(\w+)\}", each["text"])),
        )
    }


def test_what_is_shown_in_danger_is_marked_as_emergency(directory: Directory) -> None:
    """Only marked entries must be checked within twelve months."""
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    responses = {k: v for k, v in domain["responses"].items() if SHOWN_IN_DANGER.fullmatch(k)}
    shown = set(EMERGENCY).union(*(linked_services(each) for each in responses.values()))
    shown &= set(directory.services)

    assert {"utter_numbers", "utter_danger_self", "utter_self_harm_other", "utter_child_self"} <= (
        set(responses)
    )
    assert {"emergency-999", "silent-solution-55", "samaritans", "childline", "nspcc"} <= shown
    assert sorted(each for each in shown if not directory.service(each).is_emergency) == []


# --- stale ----------------------------------------------------------------------------------
def test_an_entry_is_stale_after_six_months(directory: Directory) -> None:
    checked = min(entry.checked for entry in directory.entries)

    assert directory.stale(checked + datetime.timedelta(days=183)) == []
    assert directory.stale(checked + datetime.timedelta(days=184)) != []


def test_local_contacts_go_stale_too(directory: Directory) -> None:
    stale = directory.stale(datetime.date(2099, 1, 1))

    assert len(stale) == len(directory.entries)


def test_an_emergency_number_is_overdue_after_twelve_months(directory: Directory) -> None:
    checked = directory.service("emergency-999").checked
    late = checked + datetime.timedelta(days=366)

    assert "emergency-999" not in {e.id for e in directory.overdue(late - datetime.timedelta(1))}
    assert "emergency-999" in {e.id for e in directory.overdue(late)}
    assert all(entry.is_emergency for entry in directory.overdue(datetime.date(2099, 1, 1)))


# --- find -------------------------------------------------------------------------------------
SCHEMA = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))
NEEDS = SCHEMA["$defs"]["need"]["enum"]
AUDIENCES = ("self", "other", "worker")


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
        for need, audience, child in itertools.product(NEEDS, AUDIENCES, (False, True))
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

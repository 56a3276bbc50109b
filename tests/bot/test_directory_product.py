"""Directory.find over every authority, need, asker and age: what is shown is fit to be shown."""

from __future__ import annotations

import itertools
import json

import pytest
import yaml

from bot.directory import DATA, LAST_RESORT, Directory, Service, load_directory

SCHEMA = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))
NEEDS = SCHEMA["$defs"]["need"]["enum"]
ASKERS = list(itertools.product(("self", "other", "worker"), (False, True)))
PLACES = (None, *load_directory().places)
FORBIDDEN = {
    each["number"].replace(" ", ""): each.get("only_for", [])
    for each in yaml.safe_load((DATA / "forbidden.yml").read_text(encoding="utf-8"))
}
LIMITS = (2, 3, 4, 99)
"""As many as are ever shown; and all that would be shown if there were room."""

Shown = list[tuple[str, str, bool, int, list[Service]]]


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


@pytest.fixture(scope="module", params=PLACES, ids=str)
def shown(request: pytest.FixtureRequest, directory: Directory) -> Shown:
    """What is found for every need of every asker in one place."""
    return [
        (
            need,
            audience,
            child,
            limit,
            directory.find(
                [need], audience=audience, child=child, place=request.param, limit=limit
            ),
        )
        for need, (audience, child), limit in itertools.product(NEEDS, ASKERS, LIMITS)
    ]


def test_the_helpline_is_always_among_them(shown: Shown, directory: Directory) -> None:
    helpline = directory.service(LAST_RESORT)

    assert [each[:4] for each in shown if helpline not in each[4] or len(each[4]) > each[3]] == []


def test_everything_found_has_a_source_a_date_and_a_way_to_reach_it(shown: Shown) -> None:
    found = {service for *_, services in shown for service in services}

    assert [s.id for s in found if not (s.source and s.source_name and s.checked)] == []
    assert [s.id for s in found if not (s.phone or s.sms_number or s.web)] == []


def test_no_forbidden_number_is_found(shown: Shown) -> None:
    """A line for professionals may be shown to them, and only to them."""
    wrong = [
        (service.id, audience)
        for _, audience, _, _, services in shown
        for service in services
        for number in (service.phone, service.sms_number)
        if audience not in FORBIDDEN.get((number or "").replace(" ", ""), [audience])
    ]

    assert wrong == []


def test_what_is_found_is_for_the_one_who_asks(shown: Shown) -> None:
    wrong = [
        (service.id, need, audience)
        for need, audience, _, _, services in shown
        for service in services
        if audience not in service.audience
    ]

    assert wrong == []


def test_a_child_is_never_sent_to_a_service_for_adults_nor_the_reverse(shown: Shown) -> None:
    wrong = [
        (service.id, need, audience, child)
        for need, audience, child, _, services in shown
        for service in services
        if service.ages == ("adult" if child else "child")
    ]

    assert wrong == []


def test_nothing_is_found_twice(shown: Shown) -> None:
    assert [each[:4] for each in shown if len(each[4]) != len(set(each[4]))] == []


def test_every_authority_is_looked_at() -> None:
    assert len(PLACES) >= 34
    assert len(NEEDS) > 15

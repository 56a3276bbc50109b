"""actions/needs.py: what is needed, from what was heard, asked for and ticked."""

from __future__ import annotations

from typing import Any

import pytest

from actions.needs import INTENT_NEEDS, LABEL_NEEDS, NEEDS, is_child, needs


def test_needs_are_ordered_by_urgency_not_by_telling(tracker: Any) -> None:
    told = list(reversed(LABEL_NEEDS))

    assert needs(tracker(labels=told)) == list(dict.fromkeys(LABEL_NEEDS.values()))


def test_what_was_asked_for_comes_first(tracker: Any) -> None:
    assert needs(tracker(labels=["self_harm"], needs=["housing"], needs_now=["money"])) == [
        "housing",
        "money",
        "mental_health",
    ]


def test_somebody_worried_can_report(tracker: Any) -> None:
    assert needs(tracker(route="other", labels=["debt"])) == ["labour", "report"]


def test_no_need_stands_twice(tracker: Any) -> None:
    assert needs(tracker(labels=["debt", "unpaid"], needs=["labour"])) == ["labour"]


@pytest.mark.parametrize(
    ("slots", "child"),
    [
        ({}, False),
        ({"person_age": "adult"}, False),
        ({"person_age": "unsure"}, True),
        ({"child_involved": "unsure"}, True),
        ({"child_involved": "no"}, False),
        ({"labels": ["under_18"]}, True),
    ],
)
def test_unsure_of_age_counts_as_a_child(tracker: Any, slots: dict[str, Any], child: bool) -> None:
    assert is_child(tracker(**slots)) is child


def test_the_tables_name_only_needs_that_the_directory_knows() -> None:
    assert {*LABEL_NEEDS.values(), *filter(None, INTENT_NEEDS.values())} <= NEEDS

"""bot/what_now.py: the table is complete, and says to each case what the sources say."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import yaml
from rasa_sdk.events import SlotSet

from actions.ages import ADULTS_ONLY, NOT_ASKED, settled_by_age
from actions.worker import case_of
from bot.what_now import DANGER, RULES, VALUES, Case, next_steps
from bot.wording import DOMAIN_FILE

CASES = [Case(*values) for values in itertools.product(*VALUES.values())]

REFERRALS = {
    *("utter_law_child_refer", "utter_law_child_ask"),
    *("utter_law_refer", "utter_law_ask_to_refer"),
    *("utter_law_no", "utter_law_think"),
}
"""Every case gets exactly one of these: who refers, or that nobody does."""

FOR_CHILDREN = {
    *("utter_law_child", "utter_law_child_refer", "utter_law_child_ask"),
    "utter_law_child_guardian",
}
FOR_ADULTS = {
    *("utter_law_refer", "utter_law_ask_to_refer", "utter_law_wait", "utter_law_no"),
    *("utter_law_think", "utter_law_way_back", "utter_law_notify", "utter_law_notify_others"),
    *("utter_law_adult_care", "utter_law_adult_at_risk"),
}


def a_case(**values: str) -> Case:
    plain = {"danger": "no", "needs": "no", "age": "adult", "care": "no", "consent": "yes"}
    return Case(**{**plain, "role": "other", **values})


def test_no_case_falls_through() -> None:
    assert len(CASES) == 2 * 2 * 3 * 3 * 3 * 4
    assert [case for case in CASES if len(REFERRALS.intersection(next_steps(case))) != 1] == []


def test_every_rule_is_used_and_has_a_source() -> None:
    for rule in RULES:
        assert any(rule.fits(case) for case in CASES), rule.say
        assert rule.source


def test_every_condition_can_hold() -> None:
    """A slip of the pen in a rule would make it silent."""
    wrong = [
        (rule.say, name)
        for rule in RULES
        for name, known in VALUES.items()
        if not getattr(rule, name) <= set(known)
    ]
    assert wrong == []


def test_every_step_is_written_and_goes_into_the_notes() -> None:
    responses = yaml.safe_load(DOMAIN_FILE.read_text("utf-8"))["responses"]

    for rule in RULES:
        assert responses[rule.say][0]["custom"]["record"] == "steps"


def test_nothing_is_said_twice() -> None:
    assert [case for case in CASES if len(set(next_steps(case))) != len(next_steps(case))] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.danger == "yes"][:3])
def test_danger_comes_first(case: Case) -> None:
    assert next_steps(case)[0] == DANGER


def test_the_law_for_children_and_the_law_for_adults_never_mix() -> None:
    for case in CASES:
        steps = set(next_steps(case))
        wrong = FOR_ADULTS if case.age != "adult" else FOR_CHILDREN
        assert not steps & wrong, case


def test_somebody_whose_age_is_not_sure_is_treated_as_a_child() -> None:
    for case in CASES:
        if case.age == "unsure":
            as_child = Case(**{**vars(case), "age": "child"})
            rest = [step for step in next_steps(case) if step != "utter_law_age_unsure"]
            assert rest == next_steps(as_child)


def test_only_a_plain_yes_is_consent() -> None:
    for case in CASES:
        refers = {"utter_law_refer", "utter_law_ask_to_refer"} & set(next_steps(case))
        assert bool(refers) == (case.age == "adult" and case.consent == "yes")


def test_only_first_responders_are_told_to_refer() -> None:
    """Strategy Appendix 1: 'Note that the NHS is not a First Responder.'"""
    for case in CASES:
        refers = {"utter_law_refer", "utter_law_child_refer"} & set(next_steps(case))
        assert not refers or case.role in ("authority", "charity")


def test_only_public_authorities_must_notify_and_only_of_an_adult_who_says_no() -> None:
    for case in CASES:
        must = "utter_law_notify" in next_steps(case)
        is_theirs = case.role == "authority" and case.age == "adult" and case.consent == "no"
        assert must == is_theirs


def test_a_no_is_respected_and_keeps_the_way_back_open() -> None:
    for consent in ("no", "unsure"):
        assert "utter_law_way_back" in next_steps(a_case(consent=consent))
    assert next_steps(a_case(consent="no"))[0] == "utter_law_no"


@pytest.mark.parametrize(
    ("slots", "case"),
    [
        ({}, a_case(age="unsure", care="unsure", consent="unsure")),
        (
            {"person_age": "adult", "consent": "yes", "care_needs": "no", "worker_role": "nhs"},
            a_case(role="nhs"),
        ),
        (
            dict.fromkeys(("person_age", "consent", "care_needs", "worker_role"), "skipped"),
            a_case(age="unsure", care="unsure", consent="unsure"),
        ),
        (
            {"person_age": "child", "consent": NOT_ASKED, "care_needs": NOT_ASKED},
            a_case(age="child", care="unsure", consent="unsure"),
        ),
        (
            {"needs_now": ["housing"]},
            a_case(needs="yes", age="unsure", care="unsure", consent="unsure"),
        ),
        (
            {"needs_now": ["danger"]},
            a_case(danger="yes", age="unsure", care="unsure", consent="unsure"),
        ),
        ({"needs_now": ["none"]}, a_case(age="unsure", care="unsure", consent="unsure")),
        (
            {"labels": ["immediate_danger"]},
            a_case(danger="yes", age="unsure", care="unsure", consent="unsure"),
        ),
    ],
)
def test_a_case_is_what_was_told(tracker: Any, slots: dict[str, Any], case: Case) -> None:
    """What was skipped is not known, which is never taken for 'no harm' or for consent."""
    assert case_of(tracker(**slots)) == case


@pytest.mark.parametrize("age", ["child", "unsure", "skipped"])
def test_a_child_is_not_asked_for_consent(tracker: Any, age: str) -> None:
    assert settled_by_age(tracker(), age) == [SlotSet(slot, NOT_ASKED) for slot in ADULTS_ONLY]


def test_an_age_that_is_put_right_opens_the_questions_again(tracker: Any) -> None:
    settled = tracker(care_needs=NOT_ASKED, consent=NOT_ASKED)

    assert settled_by_age(settled, "adult") == [SlotSet(slot, None) for slot in ADULTS_ONLY]
    assert settled_by_age(tracker(care_needs="no", consent="yes"), "adult") == []

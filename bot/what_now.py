"""What a worker does next: the rules, read from top to bottom. Every one that fits is said.

Each rule names the passage that it comes from. `strategy` is seeds/001, `decision` seeds/000 (the
council's legal duties), `boroughs` seeds/002 (the report of London's boroughs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DANGER: Final = "utter_law_danger"
YES, NO, UNSURE = "yes", "no", "unsure"
ADULT, CHILD = "adult", "child"
AUTHORITY, CHARITY, NHS, OTHER = "authority", "charity", "nhs", "other"

_ANY: Final = frozenset[str]()
_ADULT, _CHILD = frozenset({ADULT}), frozenset({CHILD, UNSURE})
_RESPONDERS, _OTHERS = frozenset({AUTHORITY, CHARITY}), frozenset({NHS, OTHER})


VALUES: Final = {
    "danger": (YES, NO),
    "needs": (YES, NO),
    "age": (ADULT, CHILD, UNSURE),
    "care": (YES, NO, UNSURE),
    "consent": (YES, NO, UNSURE),
    "role": (AUTHORITY, CHARITY, NHS, OTHER),
}
"""All that a case can be."""


@dataclass(frozen=True)
class Case:
    """What the rules look at; VALUES has what each can be.

    What was skipped is not known, and what is not known is never 'no harm'.

    needs: the person needs something today: care, food, a bed, somebody to talk to.
    care: an adult needs care and support.
    consent: an adult wants a referral; unsure: wants to think, or has not said.
    role: whom the worker works for; unknown counts as 'other', who may do the least.
    """

    danger: str
    needs: str
    age: str
    care: str
    consent: str
    role: str


@dataclass(frozen=True)
class Rule:
    """Says a response where all that it names fits. An empty set fits anything."""

    say: str
    source: str
    danger: frozenset[str] = _ANY
    needs: frozenset[str] = _ANY
    age: frozenset[str] = _ANY
    care: frozenset[str] = _ANY
    consent: frozenset[str] = _ANY
    role: frozenset[str] = _ANY

    def fits(self, case: Case) -> bool:
        """Whether every condition holds."""
        return all(
            not getattr(self, name) or getattr(case, name) in getattr(self, name) for name in VALUES
        )


RULES: Final = (
    Rule(DANGER, "strategy, Need support?", danger=frozenset({YES})),
    Rule("utter_law_needs_first", "strategy 5.3, Community", needs=frozenset({YES})),
    # A child, or somebody who may be one
    Rule(
        "utter_law_age_unsure",
        "the Home Office's referral form: 'or age unknown'",
        age=frozenset({UNSURE}),
    ),
    Rule("utter_law_child", "decision 7.4; strategy Appendix 1, NRM", age=_CHILD),
    Rule(
        "utter_law_child_refer",
        "decision 7.2, 7.3; strategy Appendix 1, NRM",
        age=_CHILD,
        role=_RESPONDERS,
    ),
    Rule(
        "utter_law_child_ask", "strategy Appendix 1, First Responder; NRM", age=_CHILD, role=_OTHERS
    ),
    Rule("utter_law_child_guardian", "boroughs, Transitional Safeguarding; Sutton", age=_CHILD),
    # An adult who says yes
    Rule(
        "utter_law_refer",
        "decision 7.2, 7.3; strategy Appendix 1, Informed Consent",
        age=_ADULT,
        consent=frozenset({YES}),
        role=_RESPONDERS,
    ),
    Rule(
        "utter_law_ask_to_refer",
        "strategy Appendix 1, First Responder",
        age=_ADULT,
        consent=frozenset({YES}),
        role=_OTHERS,
    ),
    Rule(
        "utter_law_wait",
        "strategy Appendix 1, Victim Care Contract; decision 7.4 (housing)",
        age=_ADULT,
        consent=frozenset({YES}),
    ),
    # An adult who says no, or wants to think: a good outcome, with its own path
    Rule(
        "utter_law_no",
        "strategy Appendix 1, Informed Consent; 5.3",
        age=_ADULT,
        consent=frozenset({NO}),
    ),
    Rule(
        "utter_law_think",
        "strategy Appendix 1, Informed Consent; 5.1",
        age=_ADULT,
        consent=frozenset({UNSURE}),
    ),
    Rule(
        "utter_law_way_back",
        "strategy 5.1, survivors on patience and trust",
        age=_ADULT,
        consent=frozenset({NO, UNSURE}),
    ),
    Rule(
        "utter_law_notify",
        "decision 7.1, 7.2; strategy Appendix 1, NRM",
        age=_ADULT,
        consent=frozenset({NO}),
        role=frozenset({AUTHORITY}),
    ),
    Rule(
        "utter_law_notify_others",
        "decision 7.1, 7.2",
        age=_ADULT,
        consent=frozenset({NO}),
        role=frozenset({CHARITY, NHS, OTHER}),
    ),
    # An adult who needs care and support
    Rule("utter_law_adult_care", "decision 7.4", age=_ADULT, care=frozenset({YES})),
    Rule("utter_law_adult_at_risk", "decision 7.4", age=_ADULT, care=frozenset({UNSURE})),
    # Anybody
    Rule("utter_law_case_conference", "strategy 5.3, CCR Example 4; boroughs, Westminster"),
    Rule("utter_law_no_promises", "strategy 5.3; facts/README, a bed tonight"),
)


def next_steps(case: Case) -> list[str]:
    """Names of the responses to say, in order."""
    return [rule.say for rule in RULES if rule.fits(case)]

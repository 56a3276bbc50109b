"""What a person needs, from what was heard, asked for and ticked: tables, and how they are read."""

from __future__ import annotations

from typing import Final

from rasa_sdk import Tracker

from actions.heard import SKIPPED, labels

LABEL_NEEDS: Final = {
    "self_harm": "mental_health",
    "under_18": "child",
    "sexual_exploitation": "sexual",
    "domestic_servitude": "domestic_servitude",
    "forced_marriage": "marriage",
    "criminal_exploitation": "criminal",
    "organ_harvesting": "organ",
    "forced_labour": "labour",
    "unpaid": "labour",
    "excessive_hours": "labour",
    "debt": "labour",
    "no_bank_access": "labour",
    "documents_held": "labour",
    "deception": "labour",
    "cannot_leave": "labour",
    "fear_of_authorities": "immigration",
    "poor_conditions": "health",
    "violence": "health",
    "trauma": "mental_health",
}
"""Most urgent first; the order is the order in which help is shown."""

INTENT_NEEDS: Final[dict[str, str | None]] = {
    "need_money": "money",
    "need_housing": "housing",
    "need_health": "health",
    "ask_legal_help": "legal",
    "ask_immigration_help": "immigration",
    "talk_to_person": None,
}
"""What is asked for in words or by a button; None: whatever is known so far."""

NEEDS: Final = frozenset(
    {
        *("danger", "child", "labour", "sexual", "domestic_servitude", "criminal", "marriage"),
        *("organ", "immigration", "legal", "housing", "money", "health", "mental_health"),
        *("report", "rights"),
    }
)
"""Needs that the directory knows; 'none' and skipped answers are not among them."""


def audience(tracker: Tracker) -> str:
    """Who is helped: self, other or worker."""
    return tracker.get_slot("route") or "self"


def needs(tracker: Tracker) -> list[str]:
    """Needs that follow from labels, asked-for needs and ticked needs, most urgent first."""
    known = labels(tracker)
    chosen = [*(tracker.get_slot("needs") or ()), *(tracker.get_slot("needs_now") or ())]
    found = [LABEL_NEEDS[label] for label in LABEL_NEEDS if label in known]
    if audience(tracker) == "other":
        found.append("report")
    return [need for need in dict.fromkeys([*chosen, *found]) if need in NEEDS] or ["labour"]


def is_child(tracker: Tracker) -> bool:
    """Whether the person concerned is, or may be, under 18 (unsure counts as a child)."""
    unsure = tracker.get_slot("child_involved") == "unsure"
    unknown = tracker.get_slot("person_age") in ("unsure", SKIPPED)
    return unsure or unknown or "under_18" in labels(tracker)

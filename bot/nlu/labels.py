"""The labels that Waymark listens for: fixed ids (DESIGN section 2)."""

from __future__ import annotations

from typing import Final

FLAGS: Final = ("immediate_danger", "self_harm", "under_18")

SIGNS: Final = (
    "coerced",
    "cannot_leave",
    "controller",
    "debt",
    "deception",
    "documents_held",
    "excessive_hours",
    "fear_of_authorities",
    "isolation",
    "no_bank_access",
    "poor_conditions",
    "threats",
    "trauma",
    "unfamiliar",
    "unpaid",
    "violence",
)
"""Strategy (seeds/001) Appendix 4 and section 2.1; `rehearsed_story` is observed only."""

OBSERVED: Final = "rehearsed_story"

TYPES: Final = (
    "criminal_exploitation",
    "domestic_servitude",
    "forced_labour",
    "forced_marriage",
    "organ_harvesting",
    "sexual_exploitation",
)
"""Strategy section 2.1."""

LABELS: Final = FLAGS + SIGNS + TYPES

WHO: Final = ("self", "other", "none")

INTERRUPTS: Final = {
    "immediate_danger": "report_danger",
    "self_harm": "report_self_harm",
    "under_18": "report_child",
}
"""Flag -> the intent that overrides every other, most urgent first."""

DISCLOSURE_INTENT: Final = "tell_situation"
SEPARATOR: Final = "+"


class LabelError(ValueError):
    """A training or test message carries a label that does not exist."""


def parse_labels(joined: str) -> frozenset[str]:
    """Read labels joined with '+', as they stand in data/nlu.

    Raises:
        LabelError: one of them is not in LABELS.
    """
    labels = frozenset(part.strip() for part in joined.split(SEPARATOR) if part.strip())
    unknown = labels.difference(LABELS)
    if unknown:
        raise LabelError(
            f"unknown label {sorted(unknown)}; the known ones are in bot/nlu/labels.py"
        )
    return labels


def of_kind(labels: frozenset[str] | set[str] | list[str], kind: tuple[str, ...]) -> list[str]:
    """The labels of one kind (FLAGS, SIGNS or TYPES), sorted."""
    return sorted(label for label in labels if label in kind)

"""Rasa does the same work again and again in every turn; the same results, sooner.

Six things took a third of a button turn (benchmarks/README.md):

- Every turn copies the conversation's slots eight times, each slot by way of pickle's protocol,
  though all that a copy needs is the slot's own attributes.
- For each prediction every rule is compared with the conversation's state, though a rule can
  only apply if the action before and the intent are its own.
- For each event that an action returns, all classes of events are searched for anew.
- Which entities can fill only one slot of a form is found anew for each slot, in each turn.
- The few steps of a prediction are run by a scheduler made for thousands.
- States and messages are copied whole for log lines that are never written.
"""

from __future__ import annotations

import copy
import functools
from collections import defaultdict
from collections.abc import Hashable
from types import SimpleNamespace
from typing import Any, Final

_KEPT_SETS: Final = 8
"""Sets of rules that are looked up by their beginning: a model has two."""
_ANY: Final = ""
_NOT_SET: Final = "should_not_be_set"
"""Rasa's SHOULD_NOT_BE_SET, of which a test knows."""
_MAPPINGS: Final = "_waymark_unique_entity_mappings"


def hasten() -> None:
    """Put the quick ways in place of Rasa's; call it once its agent is imported."""
    import dask.core
    from rasa.core import processor
    from rasa.core.actions import forms
    from rasa.core.policies import rule_policy
    from rasa.engine.runner import dask as runner
    from rasa.shared.core.slots import Slot
    from rasa.shared.utils import common

    if getattr(Slot, "__copy__", None) is _copy_slot:
        return
    Slot.__copy__ = _copy_slot
    common.all_subclasses = functools.cache(common.all_subclasses)
    policy, form = rule_policy.RulePolicy, forms.FormAction
    policy._get_possible_keys = _possible_keys(policy._get_possible_keys, policy._rule_key_to_state)
    form._create_unique_entity_mappings = _once_a_form(form._create_unique_entity_mappings)
    runner.dask = SimpleNamespace(get=dask.core.get)
    for module in (processor, forms, rule_policy):  # which copy for their log only
        module.copy = SimpleNamespace(copy=copy.copy, deepcopy=_same)


def _same(thing: Any) -> Any:
    return thing


def _copy_slot(slot: Any) -> Any:
    new = object.__new__(type(slot))
    new.__dict__.update(slot.__dict__)
    return new


def _once_a_form(find: Any) -> Any:
    """As FormAction's own search; what is found stays with the domain."""

    @functools.wraps(find)
    def found(form: Any, domain: Any) -> set[str]:
        known: dict[str, set[str]] = vars(domain).setdefault(_MAPPINGS, {})
        if form.name() not in known:
            known[form.name()] = find(form, domain)
        return known[form.name()]

    return found


def _possible_keys(search: Any, states_of: Any) -> Any:
    """As RulePolicy's own search, among the rules that the action before and the intent leave."""

    @functools.lru_cache(maxsize=_KEPT_SETS)
    def by_beginning(rules: tuple[str, ...]) -> dict[Hashable, dict[str, str]]:
        found: dict[Hashable, dict[str, str]] = defaultdict(dict)
        for rule in rules:
            state = states_of(rule)[-1]
            found[_action_before(state), _intent(state)][rule] = ""
        return dict(found)

    @functools.wraps(search)
    def possible_keys(policy: Any, lookup: dict[str, str], states: list[Any]) -> set[str]:
        some = lookup
        if states:
            known, before = by_beginning(tuple(lookup)), _action_before(states[-1])
            some = known.get((before, _ANY), {}) | known.get((before, _intent(states[-1])), {})
        found: set[str] = search(policy, some, states)
        return found

    return possible_keys


def _action_before(state: Any) -> Hashable:
    """As a state or a rule names it."""
    return tuple(sorted((state.get("prev_action") or {}).items()))


def _intent(state: Any) -> str:
    """The intent of a state, or that a rule asks for."""
    intent = (state.get("user") or {}).get("intent")
    return _ANY if not intent or intent == _NOT_SET else str(intent)

"""bot/engine/quick_turns.py: Rasa's own results, only sooner.

That it finds the same rules in whole conversations: tests/conversations/test_quick_turns.py.
"""

from __future__ import annotations

import ast
import copy
import inspect
from types import ModuleType
from typing import Any

import dask
import pytest
from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.forms import FormAction
from rasa.core.policies import rule_policy
from rasa.engine.runner import dask as runner
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import ListSlot, TextSlot
from rasa.shared.utils import common

from bot.engine import quick_turns
from bot.settings import PROJECT


@pytest.fixture(autouse=True)
def _hastened() -> None:
    quick_turns.hasten()


@pytest.fixture(scope="module")
def domain() -> Domain:
    """Ours."""
    return Domain.load(PROJECT / "domain.yml")


def test_doing_it_twice_changes_nothing() -> None:
    before = rule_policy.RulePolicy._get_possible_keys
    quick_turns.hasten()

    assert rule_policy.RulePolicy._get_possible_keys is before


def test_what_a_rule_forbids_is_named_as_rasa_does() -> None:
    assert quick_turns._NOT_SET == SHOULD_NOT_BE_SET


def test_a_copied_slot_is_equal_and_its_own() -> None:
    slot = ListSlot("noticed", mappings=[{"type": "from_text"}], initial_value=["one"])
    slot.value = ["one", "two"]
    copied = copy.copy(slot)

    assert type(copied) is ListSlot
    assert vars(copied) == vars(slot)
    copied.value = ["three"]
    assert slot.value == ["one", "two"]
    assert copied.has_been_set
    assert not TextSlot("place", mappings=[]).has_been_set


def test_every_class_of_events_is_found() -> None:
    assert common.all_subclasses(Event) == common.all_subclasses.__wrapped__(Event)


def test_the_same_mappings_are_unique(domain: Domain) -> None:
    names = list(domain.forms)
    find = FormAction._create_unique_entity_mappings.__wrapped__

    assert names
    for name in names:
        form = FormAction(name, None)
        assert form._create_unique_entity_mappings(domain) == find(form, domain)


def test_another_domain_has_mappings_of_its_own(domain: Domain) -> None:
    other = Domain.from_dict(
        {
            "intents": ["greet"],
            "entities": ["city"],
            "slots": {
                "city": {"type": "text", "mappings": [{"type": "from_entity", "entity": "city"}]}
            },
            "forms": {next(iter(domain.forms)): {"required_slots": ["city"]}},
        }
    )
    form = FormAction(next(iter(domain.forms)), None)
    form._create_unique_entity_mappings(domain)

    assert len(form._create_unique_entity_mappings(other)) == 1


def test_a_graph_is_run_with_the_same_result() -> None:
    def add(*parts: Any) -> Any:
        return sum(part[1] if isinstance(part, tuple) else part for part in parts)

    graph = {"given": ("given", 3), "one": (add, "given"), "two": (add, "one", "given")}

    assert runner.dask.get(graph, ["one", "two"]) == dask.get(graph, ["one", "two"])


def test_what_a_step_raises_is_raised() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        runner.dask.get({"step": (fail,)}, ["step"])


@pytest.mark.parametrize("module", [processor, forms, rule_policy])
def test_what_is_no_longer_copied_goes_to_log_lines_only(module: ModuleType) -> None:
    """A later Rasa that copies for another purpose turns this red."""
    tree = ast.parse(inspect.getsource(module))
    in_log_lines = {
        id(inside)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "debug"
        for inside in ast.walk(call)
    }
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "copy"]

    assert used
    assert [node.lineno for node in used if id(node) not in in_log_lines] == []

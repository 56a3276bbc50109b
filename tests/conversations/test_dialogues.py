"""Plays the dialogues in the YAML files beside this one; README.md says how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from talk import Talk, names_of

from bot.wording import load_wording

FOLDER = Path(__file__).parent
STEP_KEYS = {"say", "choose", "expect"}
EXPECT_KEYS = {
    *("first", "says", "not_says", "asks", "contains", "not_contains"),
    *("tone", "links", "language", "ended"),
}


def dialogues() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yml")):
        for dialogue in yaml.safe_load(file.read_text(encoding="utf-8")):
            for language in dialogue.get("languages", [None]):
                name = f"{file.stem}: {dialogue['name']}" + (f" ({language})" if language else "")
                yield pytest.param(dialogue, language, id=name)


def in_language(value: Any, language: str | None) -> Any:
    """A step's words in this language, where they differ."""
    return value[language] if isinstance(value, dict) else value


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def problems(expect: dict[str, Any], talk: Talk, language: str | None) -> Iterator[str]:
    """What the last turn lacks."""
    assert set(expect) <= EXPECT_KEYS, f"unknown expectation {set(expect) - EXPECT_KEYS}"
    turn, wording = talk.turn, load_wording()
    text = "\n".join(reply.text for reply in turn.replies)
    for key, position in (("first", 0), ("asks", -1)):
        if key in expect:
            found = names_of(turn.replies[position].text, turn.language)
            if not set(as_list(expect[key])) & set(found):
                yield f"{key}: {expect[key]}, but it is {found[:2]}"
    for name in as_list(expect.get("says", [])):
        if not talk.says(name):
            yield f"does not say {name}"
    for name in as_list(expect.get("not_says", [])):
        if talk.says(name):
            yield f"says {name}"
    for part in as_list(in_language(expect.get("contains", []), language)):
        if part not in text:
            yield f"does not contain {part!r}"
    for part in as_list(in_language(expect.get("not_contains", []), language)):
        if part in text:
            yield f"contains {part!r}"
    if "tone" in expect and turn.replies[0].tone != expect["tone"]:
        yield f"the first reply's tone is {turn.replies[0].tone}"
    hrefs = {link.href for reply in turn.replies for link in reply.links}
    for service in as_list(expect.get("links", [])):
        if not hrefs & {link.href for link in wording.links("en", service)}:
            yield f"has no link to {service}"
    if "language" in expect and turn.language != expect["language"]:
        yield f"speaks {turn.language}, not {expect['language']}"
    if "ended" in expect and turn.ended != expect["ended"]:
        yield f"ended is {turn.ended}"


@pytest.mark.parametrize(("dialogue", "language"), list(dialogues()))
def test_dialogue(
    talk: Callable[..., Talk], dialogue: dict[str, Any], language: str | None
) -> None:
    hint = language if dialogue.get("start_in_language", True) else None
    told = talk(hint, dialogue.get("route"), dialogue.get("place"))
    expected_language = hint
    for step in dialogue["steps"]:
        assert set(step) <= STEP_KEYS, f"unknown step {step}"
        if "say" in step:
            told.say(in_language(step["say"], language))
        if "choose" in step:
            told.choose(*as_list(in_language(step["choose"], language)))
        expect = step.get("expect") or {}
        faults = list(problems(expect, told, language))
        expected_language = expect.get("language", expected_language)
        if expected_language and told.turn.language != expected_language:
            faults.append(f"speaks {told.turn.language}, not {expected_language}")
        faults += [f"says {name}" for name in dialogue.get("never", []) if told.says(name)]
        if fault := told.fault():
            faults.append(fault)
        assert not faults, "\n".join([*faults, told.story()])

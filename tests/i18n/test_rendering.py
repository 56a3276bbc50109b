"""Every response can be said in every language, with the directory's own numbers."""

from __future__ import annotations

import re

import pytest
from catalogue_entries import LANGUAGES

from bot.directory import Service
from bot.wording import Wording, load_wording

ALL = ["en", *LANGUAGES]
NAMES = sorted(load_wording().responses)
GIVEN = dict.fromkeys(
    [
        "address",
        "closes",
        "date",
        "description",
        "english",
        "first",
        "hours",
        "how",
        "listen",
        "items",
        "language",
        "last",
        "lines",
        "name",
        "number",
        "opens",
        "option",
        "ours",
        "place",
        "source",
        "theirs",
        "total",
        "word",
    ],
    "‹given›",
)
"""Stands in for what actions give; everything else must be a service."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OUR_NAME = "Waymark"
"""Said in every language as it is."""


def services_in(wording: Wording, text: str) -> list[Service]:
    """The services whose numbers an English text names."""
    ids = [key.replace("_", "-") for key in _PLACEHOLDER.findall(text) if key not in GIVEN]
    return [wording.directory.service(each) for each in ids]


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("name", NAMES)
def test_every_response_can_be_said(wording: Wording, name: str, language: str) -> None:
    for variant, source in enumerate(wording.responses[name]):
        reply = wording.reply(language, name, variant=variant, **GIVEN)

        assert reply.text.strip()
        assert not re.search(r"[{}]", reply.text)
        for service in services_in(wording, source["text"]):
            assert (service.phone or service.sms_number or "") in reply.text
            assert service.phone or service.sms_number, f"{service.id} has no number to fill in"


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_the_directory(wording: Wording, name: str, language: str) -> None:
    for variant, source in enumerate(wording.responses[name]):
        reply = wording.reply(language, name, variant=variant, **GIVEN)
        labels = "\n".join(link.label for link in reply.links)
        for service_id in (source.get("custom") or {}).get("links") or ():
            service = wording.directory.service(service_id)
            number = service.phone or service.sms_number

            assert wording.name(language, service) in labels
            assert number is None or not service.can_dial or number in labels


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("name", NAMES)
def test_no_two_buttons_look_alike(wording: Wording, name: str, language: str) -> None:
    for variant, _ in enumerate(wording.responses[name]):
        labels = [
            choice.label
            for choice in wording.reply(language, name, variant=variant, **GIVEN).choices
        ]

        assert all(label.strip() for label in labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize(
    "name",
    [name for name in NAMES if name.startswith(("utter_danger_self", "utter_danger_other"))]
    + ["utter_self_harm_self", "utter_self_harm_other", "utter_child_self", "utter_child_other"],
)
def test_urgent_answers_have_the_emergency_number_to_touch(
    wording: Wording, name: str, language: str
) -> None:
    reply = wording.reply(language, name)

    assert reply.tone == "urgent"
    assert reply.links[0].href == f"tel:{wording.directory.service('emergency-999').phone}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_reads_is_not_english(wording: Wording, language: str) -> None:
    """A response that comes out as in English was left untranslated."""
    told_apart = [
        name
        for name in NAMES
        if wording.responses[name][0]["text"] != _OUR_NAME
        and not _PLACEHOLDER.fullmatch(wording.responses[name][0]["text"])
    ]
    same = [
        name
        for name in told_apart
        if _PLACEHOLDER.sub("", wording.responses[name][0]["text"]).strip(" \n:,.")
        and wording.text(language, name, **GIVEN) == wording.text("en", name, **GIVEN)
    ]

    assert same == []

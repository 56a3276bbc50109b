"""Every door in every language, with the real model, through the emulator (telegram-test-api)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from bot_api import TOKEN, BotApi, Person, labels, until
from foreign_words import english_in

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.rendering import NEUTRAL, NEUTRAL_URGENT
from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.i18n import load_catalogues
from bot.settings import PROJECT, Settings, load_settings
from bot.wording import Wording

LANGUAGES = sorted(load_catalogues().languages)
DOORS = {
    "/start_self": "utter_telegram_start_self",
    "/start_other": "utter_telegram_start_other",
    "/start_worker": "utter_start_worker",
    "/ask_numbers": "utter_numbers",
    "/learn": "utter_learn",
    "/change_language": "utter_choose_language",
}
DANGER = yaml.safe_load((PROJECT / "tests" / "danger.yml").read_text(encoding="utf-8"))
CARD = {
    "en": "make a call card",
    "es": "hazme una tarjeta para llamar",
    "ar": "اعمل لي بطاقة للمكالمة",
}


class EmulatorPerson(Person):
    """Talks through the emulator's own client calls."""

    def _post(self, path: str, body: dict[str, Any]) -> int:
        request = urllib.request.Request(
            f"{self.api.upstream}{path}",
            json.dumps({"botToken": TOKEN, **body}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["ok"]
        return 0

    def say(self, text: str | None = None, **more: Any) -> int:
        message = self.message(text, **more)
        path = "/sendCommand" if "entities" in message else "/sendMessage"
        return self._post(path, message)

    def press(self, label: str, message: dict[str, Any] | None = None) -> int:
        push, self.api.push = self.api.push, lambda update: update  # type: ignore[assignment]
        try:
            update: Any = super().press(label, message)
        finally:
            self.api.push = push  # type: ignore[method-assign]
        query = update["callback_query"]
        return self._post("/sendCallback", {k: query[k] for k in ("from", "message", "data")})


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    assert (PROJECT / "node_modules/telegram-test-api").is_dir(), "npm ci --ignore-scripts"
    process = subprocess.Popen(
        ["node", "tests/telegram/emulator.cjs"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NODE_ENV": "production"},
    )
    assert process.stdout
    port = process.stdout.readline().strip()
    assert port.isdecimal(), "the emulator did not start"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def model() -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(load_settings(os.environ).model)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def api(emulator: str) -> Iterator[BotApi]:
    api = BotApi(upstream=emulator).start()
    yield api
    api.stop()


@pytest.fixture(scope="module", autouse=True)
def bot(api: BotApi, model: EmbeddedEngine, wording: Wording) -> Iterator[TelegramChannel]:
    channel = TelegramChannel(
        Settings(telegram_token=TOKEN, telegram_api_url=api.url),
        Conversations(model, wording, turn_timeout_s=30),
        wording,
        messages_a_second=5000,
    )
    channel.start()
    yield channel
    channel.stop()


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def person(api: BotApi, language: str) -> EmulatorPerson:
    return EmulatorPerson(api, int(time.monotonic_ns() % 10**9), language)


def neutral(wording: Wording, language: str) -> set[str]:
    return {wording.text(language, NEUTRAL), wording.text(language, NEUTRAL_URGENT)}


@pytest.mark.parametrize("door", DOORS)
def test_door(person: EmulatorPerson, wording: Wording, language: str, door: str) -> None:
    person.say("/start")
    doors = person.newest()
    labelled = {c.id: c.label for c in wording.reply(language, "utter_doors").choices}
    assert labels(doors) == list(labelled.values())
    person.press(labelled[door], doors)
    messages = person.answers()

    text = "\n".join(message["text"] for message in messages)
    assert wording.text(language, DOORS[door]).split("\n")[0] in text
    assert english_in(text, language) == []
    assert {m["text"].split("\n")[0] for m in messages} <= neutral(wording, language)
    until(
        lambda: (
            labels(person.api.messages[person.id][doors["message_id"]]) == ["✓ " + labelled[door]]
        )
    )


@pytest.mark.parametrize("route", ["self", "other", "worker"])
def test_link(person: EmulatorPerson, wording: Wording, language: str, route: str) -> None:
    person.language = "en"
    person.say(f"/start l-{language}_r-{route}_b-southwark")
    text = "\n".join(message["text"] for message in person.answers())

    assert wording.text(language, "utter_welcome") in text
    own = f"utter_telegram_start_{route}"
    name = own if own in wording.responses else f"utter_start_{route}"
    assert wording.text(language, name) in text


@pytest.mark.parametrize("command", COMMANDS)
def test_command(person: EmulatorPerson, wording: Wording, language: str, command: str) -> None:
    person.say(f"/{command}")
    messages = person.answers()

    assert {m["text"].split("\n")[0] for m in messages} <= neutral(wording, language)
    assert english_in("\n".join(m["text"] for m in messages), language) == []


QUESTIONS = (
    *('/answer{"safe_to_talk":"yes"}', '/answer{"feels_safe":"no"}'),
    *('/answer{"made_to_do":"yes"}', '/answer{"hours":"over_12"}'),
    *('/answer{"is_paid":"no"}', '/answer{"bank_access":"no"}'),
    *('/answer{"someone_to_call":"nobody"}', '/answer{"situation":"told"}', "/keep_summary"),
)


def test_the_questions_lead_to_the_helpline(
    person: EmulatorPerson, wording: Wording, language: str
) -> None:
    person.say(f"/start l-{language}_r-self")
    labelled = {
        choice.id: choice.label
        for name in wording.responses
        if name.startswith(("utter_ask_self_form", "utter_say_back"))
        for choice in wording.reply(language, name, items="").choices
    }
    messages = person.answers()
    seen = [message["text"] for message in messages]
    for answer in QUESTIONS:
        person.press(labelled[answer], messages[-1])
        messages = person.answers()
        seen += [message["text"] for message in messages]

    assert english_in("\n".join(seen), language) == []
    helpline = wording.directory.service("modern-slavery-helpline").phone or ""
    assert helpline in re.sub("[\u2066\u2069]", "", "\n".join(seen))


def test_danger_in_the_first_words(person: EmulatorPerson, wording: Wording, language: str) -> None:
    person.say(DANGER[language])
    first = person.answers(2)[0]

    assert first["text"].startswith(wording.text(language, NEUTRAL_URGENT))
    assert wording.text(language, "utter_danger_self") in first["text"]


def test_several_signs_are_ticked(person: EmulatorPerson, wording: Wording, language: str) -> None:
    person.say("/start r-other")
    question = person.newest()
    choices = wording.reply(language, "utter_ask_other_form_noticed").choices
    for choice in choices[:3]:
        person.press(choice.label, question)
    number = question["message_id"]
    ticked = ["✓ " + choice.label for choice in choices[:3]]
    until(lambda: labels(person.api.messages[person.id][number])[:3] == ticked)
    person.press(wording.text(language, "utter_telegram_done"), question)
    text = person.newest()["text"]

    assert wording.text(language, "utter_ask_other_form_danger_now") in text
    until(lambda: labels(person.api.messages[person.id][number]) == ticked)


@pytest.mark.parametrize("language", sorted(CARD))
def test_the_call_card_can_be_saved_alone(
    person: EmulatorPerson, wording: Wording, language: str
) -> None:
    person.say("/start")
    person.answers()
    person.say(CARD[language])
    asked = person.newest()
    person.press(
        wording.reply(language, "utter_ask_card_form_card_interpreter").choices[0].label, asked
    )
    topics = person.newest()
    person.press(
        wording.reply(language, "utter_ask_card_form_card_topics").choices[0].label, topics
    )
    number = topics["message_id"]
    until(lambda: labels(person.api.messages[person.id][number])[0].startswith("✓ "))
    person.press(wording.text(language, "utter_telegram_done"), topics)
    places = person.newest()
    person.press("Southwark", places)
    messages = person.answers(2)

    cards = [m for m in messages if wording.text("en", "utter_card_topic_work") in m["text"]]
    assert len(cards) == 1
    assert "Southwark" in cards[0]["text"]
    assert wording.text(language, "utter_telegram_card_after") not in cards[0]["text"]


def test_delete(person: EmulatorPerson, wording: Wording, language: str) -> None:
    person.say("/start")
    person.answers()
    person.say("/delete")
    text = person.newest()["text"]

    assert wording.text(language, "utter_telegram_deleted") in text
    assert wording.text(language, "utter_telegram_messages_removed") in text
    assert len(person.api.messages[person.id]) == 1

"""A person and the bot: words, buttons, ticks, old buttons, commands, deletion."""

from __future__ import annotations

import threading

import pytest
from bot_api import BotApi, Person, buttons, failure, labels, until
from conftest import ADDRESS
from fake_engine import FakeEngine, rasa_message

from bot.channels.telegram import speaking
from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.chats import CONVERSATION_LASTS_S
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.rendering import NEUTRAL
from bot.channels.telegram.speaking import NUMBERS_AFTER_S
from bot.engine.base import Chosen, Typed
from bot.errors import EngineUnavailableError
from bot.wording import Wording

pytestmark = pytest.mark.usefixtures("bot")

QUESTION = (('/answer{"feels_safe":"yes"}', "Yes"), ('/answer{"feels_safe":"no"}', "No"))
TICKS = (
    ('/answer{"noticed":"debt"}', "Owes money"),
    ('/answer{"noticed":"threats"}', "Threats"),
    ("/skip_question", "Skip"),
)


def ask(engine: FakeEngine, *choices: tuple[str, str], **more: object) -> None:
    """Every turn ends with this question."""
    engine.answer = lambda _, __: [rasa_message("A question?", buttons=choices, **more)]


def test_start_says_what_telegram_knows_and_where_the_page_is(person: Person) -> None:
    person.say("/start")
    text = person.newest()["text"]

    assert "Telegram knows your account" in text
    assert ADDRESS in text


def test_a_link_opens_the_right_door(person: Person, engine: FakeEngine) -> None:
    person.say("/start l-es_r-self_b-southwark")
    person.answers()
    [(_, start)] = engine.turns

    assert dict(start.entities) == {"language": "es", "route": "self", "place": "southwark"}


@pytest.mark.parametrize("parameter", ["l-xx_r-nowhere_b-atlantis", "%%%", "x" * 64, "l-e s"])
def test_an_unknown_link_still_starts(person: Person, parameter: str) -> None:
    person.say(f"/start {parameter}")

    assert person.newest()["text"]


def test_words_without_a_start_are_heard_at_once(person: Person, engine: FakeEngine) -> None:
    person.say("my words")
    person.answers()

    assert engine.turns[-1][1] == Typed("my words")


def test_the_app_s_language_is_a_hint(api: BotApi, engine: FakeEngine) -> None:
    person = Person(api, 5, language="es-MX")
    person.say("/start")
    person.answers()

    assert ("language", "es") in engine.turns[0][1].entities


def test_a_choice_is_made_once_and_shown_in_place(
    api: BotApi, person: Person, engine: FakeEngine
) -> None:
    ask(engine, *QUESTION)
    person.say("hello")
    question = person.newest()
    before = len(engine.turns)
    person.press("No", question)
    person.press("No", question)
    person.press("Yes", question)
    person.answers()
    until(lambda: len(api.called("answerCallbackQuery")) == 3)

    assert [turn for _, turn in engine.turns[before:]] == [
        Chosen("answer", (("feels_safe", "no"),))
    ]
    until(lambda: labels(api.messages[person.id][question["message_id"]]) == ["✓ No"])


def test_ticks_show_in_place_and_go_together(
    api: BotApi, person: Person, engine: FakeEngine
) -> None:
    ask(engine, *TICKS, multiple=True)
    person.say("hello")
    question = person.newest()
    number = question["message_id"]
    assert labels(question) == ["Owes money", "Threats", "Skip", "Done"]
    person.press("Owes money", question)
    person.press("Threats", question)
    until(lambda: labels(api.messages[person.id][number])[:2] == ["✓ Owes money", "✓ Threats"])
    person.press("Done", question)
    person.answers()

    assert engine.turns[-1][1] == Chosen("answer", (("noticed", "debt"), ("noticed", "threats")))
    until(lambda: labels(api.messages[person.id][number]) == ["✓ Owes money", "✓ Threats"])


def test_a_tick_is_taken_back_and_done_alone_says_what_to_do(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording
) -> None:
    ask(engine, *TICKS, multiple=True)
    person.say("hello")
    question = person.newest()
    before = len(engine.turns)
    person.press("Threats", question)
    person.press("Threats", question)
    person.press("Done", question)
    until(lambda: len(api.called("answerCallbackQuery")) == 3)

    assert api.called("answerCallbackQuery")[-1]["text"] == wording.text(
        "en", "utter_telegram_tick_first"
    )
    assert len(engine.turns) == before


def test_skip_beside_ticks_is_pressed(person: Person, engine: FakeEngine) -> None:
    ask(engine, *TICKS, multiple=True)
    person.say("hello")
    person.newest()
    person.press("Skip")
    person.answers()

    assert engine.turns[-1][1] == Chosen("skip_question")


def test_an_old_question_says_so_and_shows_where_we_are(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording
) -> None:
    ask(engine, *QUESTION)
    person.say("one")
    old = person.newest()
    person.say("two")
    person.answers()
    until(lambda: "reply_markup" not in api.messages[person.id][old["message_id"]])
    person.press("Yes", old)
    person.answers()

    assert api.called("answerCallbackQuery")[-1]["text"] == wording.text(
        "en", "utter_telegram_old_button"
    )
    assert engine.turns[-1][1] == Chosen("repeat_message")


def test_a_button_of_an_expired_chat_offers_a_new_one(
    person: Person, engine: FakeEngine, wording: Wording
) -> None:
    ask(engine, *QUESTION)
    person.say("one")
    old = person.newest()
    engine.languages.clear()
    person.press("Yes", old)
    offer = person.newest()
    assert wording.text("en", "utter_telegram_expired") in offer["text"]
    person.press(wording.text("en", "utter_telegram_again"), offer)
    person.answers()

    assert engine.turns[-1][1].intent == "start_chat"


def test_words_after_expiry_are_heard_in_a_new_chat(
    person: Person, engine: FakeEngine, wording: Wording
) -> None:
    person.say("one")
    person.answers()
    engine.languages.clear()
    person.say("two")

    assert wording.text("en", "utter_telegram_new_chat") in person.newest()["text"]
    assert engine.turns[-1][1] == Typed("two")


def test_urgent_replies_come_first_and_alone(person: Person, engine: FakeEngine) -> None:
    engine.answer = lambda _, __: [
        rasa_message("Kind words."),
        rasa_message("Call now.", tone="urgent"),
        rasa_message("More."),
    ]
    person.say("/start")
    first, second = person.answers(2)

    assert "Call now." in first["text"] and "Kind words" not in first["text"]
    assert "Kind words.\n" in second["text"] and "More." in second["text"]


def test_the_call_card_is_a_message_of_its_own(person: Person, engine: FakeEngine) -> None:
    engine.answer = lambda _, __: [
        rasa_message("Before."),
        rasa_message("Your card:\nI need an interpreter.", card=True),
        rasa_message("After."),
    ]
    person.say("/start")
    _, card, after = person.answers(3)

    assert card["text"].endswith("Your card:\nI need an interpreter.")
    assert "After." in after["text"]


def test_messages_make_no_sound_no_preview_and_can_be_passed_on(
    api: BotApi, person: Person
) -> None:
    person.say("/start")
    person.answers()
    sent = api.called("sendMessage")[0]

    assert sent["disable_notification"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert not sent.get("protect_content")


def test_numbers_to_call_stand_in_the_form_that_phones_link(
    person: Person, wording: Wording
) -> None:
    person.say("/numbers")
    text = person.newest()["text"]
    for service in ("emergency-999", "modern-slavery-helpline"):
        phone = wording.directory.service(service).phone.replace(" ", "")
        assert f"📞 {phone.replace('0', '+44', 1) if phone[0] == '0' else phone}" in text


@pytest.mark.parametrize("error", [EngineUnavailableError("no"), RuntimeError("no")])
def test_a_failing_engine_is_answered_with_the_numbers_and_the_button_stays(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording, error: Exception
) -> None:
    ask(engine, *QUESTION)
    person.say("hello")
    question = person.newest()

    def broken(*_: object) -> list:
        raise error

    engine.answer = broken
    person.press("Yes", question)
    assert wording.text("en", "utter_problem") in person.newest()["text"]
    until(lambda: labels(api.messages[person.id][question["message_id"]]) == ["Yes", "No"])
    ask(engine, *QUESTION)
    person.press("Yes", question)
    person.answers()

    assert engine.turns[-1][1] == Chosen("answer", (("feels_safe", "yes"),))


def take_away_the_store(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a Redis that holds the conversations is gone."""

    def away(*_: object) -> list:
        raise EngineUnavailableError("Redis does not answer")

    for name in ("language_of", "standing", "exists", "erase"):
        monkeypatch.setattr(engine, name, away)
    engine.answer = away


@pytest.mark.parametrize("said", ["he has a knife", *(f"/{name}" for name in COMMANDS), "button"])
def test_without_the_store_the_numbers_come_in_the_chat_s_language(
    api: BotApi,
    engine: FakeEngine,
    wording: Wording,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    person = Person(api, 70003, language="es")
    ask(engine, *QUESTION, language="vi")
    person.say("hello")
    question = person.newest()
    take_away_the_store(engine, monkeypatch)
    if said == "button":
        person.press("Yes", question)
    else:
        person.say(said)
    texts = [message["text"] for message in person.answers()]

    assert texts[0].startswith(wording.text("vi", NEUTRAL))
    assert "999" in "".join(texts) or said == "/leave"


@pytest.mark.parametrize(("app", "language"), [("es-MX", "es"), ("xx", "en")])
@pytest.mark.parametrize("said", ["he has a knife", "/numbers"])
def test_without_the_store_a_new_chat_gets_them_in_the_app_s_language(
    api: BotApi,
    engine: FakeEngine,
    wording: Wording,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    app: str,
    language: str,
) -> None:
    person = Person(api, 70003, language=app)
    take_away_the_store(engine, monkeypatch)
    person.say(said)
    text = person.newest()["text"]

    assert text.startswith(wording.text(language, NEUTRAL))
    assert "999" in text


def test_a_store_that_hangs_holds_up_no_other_chat(
    api: BotApi, person: Person, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, is_back = threading.Event(), threading.Event()

    def language_of(_: str) -> str:
        is_asked.set()
        is_back.wait(120)
        return "en"

    person.say("hello")
    person.answers()
    monkeypatch.setattr(engine, "language_of", language_of)
    person.say("hello again")
    try:
        assert is_asked.wait(60)
        Person(api, 70004).say("/numbers")
        until(lambda: api.sent(70004))
    finally:
        is_back.set()
    person.answers()


@pytest.mark.parametrize("by", ["words", "button"])
def test_what_never_arrived_is_said_again_before_anything_is_an_answer_to_it(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording, by: str
) -> None:
    def say_no() -> None:
        if by == "button":
            person.press("No", question)
        else:
            person.say("no")

    ask(engine, *QUESTION)
    person.say("hello")
    question = person.newest()
    blocked = failure(403, "Forbidden")
    api.fail("sendMessage", blocked, blocked)  # the answer, and the apology
    say_no()
    until(lambda: not api.updates)
    before = len(engine.turns)
    say_no()
    again = person.newest()
    said = wording.text("en", "utter_problem" if by == "words" else NEUTRAL)

    assert [turn for _, turn in engine.turns[before:]] == [Chosen("repeat_message")]
    assert said in again["text"] and labels(again) == ["Yes", "No"]
    person.say("no")
    person.answers()
    assert engine.turns[-1][1] == Typed("no")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_answered_without_an_engine(
    person: Person, engine: FakeEngine, command: str
) -> None:
    def broken(*_: object) -> list:
        raise RuntimeError("no")

    engine.answer = broken
    person.say(f"/{command}")
    text = person.newest()["text"]

    assert text
    if command != "leave":
        assert "999" in text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_middle_of_a_question(
    api: BotApi, engine: FakeEngine, command: str, language: str
) -> None:
    person = Person(api, 9, language=language)
    ask(engine, *QUESTION, language=language)
    person.say("/start")
    person.answers()
    person.say(f"/{command}@waymark_test_bot")

    assert person.newest()["text"]


def test_slow_turns_show_that_something_is_coming(
    api: BotApi, person: Person, engine: FakeEngine
) -> None:
    def slow(_: str, __: object) -> list:
        until(lambda: api.called("sendChatAction"))
        return [rasa_message("Here.")]

    engine.answer = slow
    person.say("/start")
    person.answers()

    assert api.called("sendChatAction")[0]["action"] == "typing"


def test_a_slow_turn_shows_the_numbers_within_three_seconds_and_then_the_answer(
    api: BotApi, engine: FakeEngine, wording: Wording
) -> None:
    person = Person(api, 70002, language="vi")
    person.say("/start")
    person.answers()
    engine.is_slow = True
    before = len(api.sent(person.id))
    person.say("ông chủ giữ hộ chiếu của tôi")
    until(lambda: len(api.sent(person.id)) > before)
    engine.under_way[-1].set_result([rasa_message("Here.", language="vi")])
    numbers, answer = (message["text"] for message in person.answers(2))

    assert NUMBERS_AFTER_S <= 2.5
    assert wording.reply("vi", "utter_numbers").text.split("999")[0] in numbers
    assert "999" in numbers
    assert "Here." in answer


def test_quick_turns_do_not(api: BotApi, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "TYPING_AFTER_S", 60.0)  # quick, however slow the machine
    person.say("/start")
    person.answers()

    assert api.called("sendChatAction") == []


@pytest.mark.parametrize(
    "thing",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"contact": {"phone_number": "+10000000000", "first_name": "X"}},
        {"location": {"latitude": 0.0, "longitude": 0.0}},
        {"document": {"file_id": "a", "file_unique_id": "b"}},
        {
            "sticker": {
                "file_id": "a",
                "file_unique_id": "b",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
            }
        },
    ],
    ids=lambda thing: next(iter(thing)),
)
def test_what_is_not_words_is_never_fetched(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording, thing: dict
) -> None:
    person.say(None, **thing)

    assert wording.text("en", "utter_telegram_words_only") in person.newest()["text"]
    assert engine.turns == []
    assert not [call for call in api.calls if "getFile" in call.method]


def test_words_below_a_picture_are_heard(
    person: Person, engine: FakeEngine, wording: Wording
) -> None:
    person.say(
        None,
        caption="my words",
        photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}],
    )

    assert wording.text("en", "utter_telegram_words_only") in person.newest()["text"]
    assert engine.turns[-1][1] == Typed("my words")


def test_edited_and_forwarded_words_are_heard(
    api: BotApi, person: Person, engine: FakeEngine
) -> None:
    api.push({"edited_message": person.message("changed words", edit_date=1)})
    person.answers()
    assert engine.turns[-1][1] == Typed("changed words")
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "X"}
    person.say("passed on", forward_origin=origin)
    person.answers()

    assert engine.turns[-1][1] == Typed("passed on")


# --- Deleting -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["command", "conversation"])
def test_delete_removes_both_sides_messages_and_forgets(
    api: BotApi,
    bot: TelegramChannel,
    person: Person,
    engine: FakeEngine,
    wording: Wording,
    how: str,
) -> None:
    person.say("/start")
    person.answers()
    person.say("hello")
    person.answers()
    theirs = [u["message"]["message_id"] for u in api.updates if "message" in u]
    ours = list(api.messages[person.id])
    if how == "conversation":
        engine.answer = lambda _, __: [rasa_message("Gone.", ended=True)]
    person.say("/delete" if how == "command" else "delete")
    last = person.newest()

    assert set(ours) | set(theirs) <= set(api.deleted[person.id])
    assert wording.text("en", "utter_telegram_messages_removed") in last["text"]
    assert "999" in last["text"]
    assert list(api.messages[person.id]) == [last["message_id"]]
    assert engine.languages == {} and len(bot._chats) == 0


def test_delete_says_when_telegram_refuses(api: BotApi, person: Person, wording: Wording) -> None:
    person.say("hello")
    person.answers()
    api.fail("deleteMessages", failure(400, "Bad Request: message can't be deleted"))
    person.say("/delete")

    assert wording.text("en", "utter_telegram_messages_stay") in person.newest()["text"]


def test_more_than_a_hundred_messages_are_deleted(
    api: BotApi, person: Person, engine: FakeEngine
) -> None:
    """Call cards are messages of their own."""
    engine.answer = lambda *_: [rasa_message("A card.", card=True)] * 8
    for _ in range(13):
        person.say("hello")
    person.answers(13 * 8)
    person.say("/delete")
    person.answers()

    assert len(api.called("deleteMessages")) == 2
    assert len(api.deleted[person.id]) >= 13 * 9


def test_blocking_the_bot_deletes_what_it_holds(
    api: BotApi, bot: TelegramChannel, person: Person, engine: FakeEngine
) -> None:
    person.say("hello")
    person.answers()
    member = {"user": {"id": 1, "is_bot": True, "first_name": "W"}}
    api.push(
        {
            "my_chat_member": {
                "chat": person.chat,
                "from": person.user,
                "date": 1,
                "old_chat_member": {"status": "member", **member},
                "new_chat_member": {"status": "kicked", "until_date": 0, **member},
            }
        }
    )
    until(lambda: len(bot._chats) == 0)

    assert engine.languages == {}


# --- Groups and channels --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_group_gets_one_neutral_line(
    api: BotApi, person: Person, engine: FakeEngine, wording: Wording, kind: str
) -> None:
    group = {"id": -100, "type": kind, "title": "Some group"}
    person.say("/start", chat=group)
    until(lambda: api.called("leaveChat"))

    assert [sent["text"] for sent in api.called("sendMessage")] == [
        wording.text("en", "utter_telegram_group")
    ]
    assert engine.turns == []


def test_a_channel_is_left_without_a_word(api: BotApi, person: Person) -> None:
    channel = {"id": -1001, "type": "channel", "title": "Some channel"}
    api.push({"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "x"}})
    until(lambda: api.called("leaveChat"))

    assert api.called("sendMessage") == []


def test_other_updates_are_passed_over_quietly(
    api: BotApi, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    api.push({"something_new": {"x": 1}})
    api.push({"inline_query": {"id": "1", "from": person.user, "query": "q", "offset": ""}})
    api.push({"message": person.message(None, pinned_message=person.message("x"))})
    person.say("hello")
    person.answers()

    assert len(api.called("sendMessage")) == 1
    assert caplog.records == []


def test_thirty_minutes_are_the_engine_s(person: Person) -> None:
    from bot.engine.base import KEEP_S

    assert CONVERSATION_LASTS_S == KEEP_S


def test_link_buttons_lead_to_the_web_only(person: Person, engine: FakeEngine) -> None:
    engine.answer = lambda _, __: [
        rasa_message(
            "Look.",
            links=(
                {"label": "Website: A", "href": "https://a.example/x", "kind": "web"},
                {"label": "Call 999", "href": "tel:999", "kind": "call"},
                {"label": "Odd", "href": "javascript:1", "kind": "web"},
            ),
        )
    ]
    person.say("/start")
    sent = person.newest()

    assert [b["url"] for b in buttons(sent)] == ["https://a.example/x"]
    assert "Call 999\n📞 999" in sent["text"]

"""What goes wrong on the way: duplicates, disorder, refusals, restarts, crowds."""

from __future__ import annotations

import asyncio
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from bot_api import TOKEN, BotApi, Person, failure, until
from conftest import Start
from fake_engine import FakeEngine, rasa_message

from bot.channels.telegram import sending, turns
from bot.channels.telegram.bot import TelegramChannel
from bot.conversation import Conversations, Watch
from bot.engine.base import Typed
from bot.errors import TelegramError
from bot.settings import PROJECT, Settings
from bot.wording import Wording


def typed(engine: FakeEngine) -> list[str]:
    """What the engine was told in words, in order."""
    return [message.text for _, message in engine.turns if isinstance(message, Typed)]


def echo(engine: FakeEngine, delay_s: float = 0) -> None:
    """Answer words with themselves."""

    def answer(_: str, message: object) -> list:
        if delay_s and isinstance(message, Typed):
            time.sleep(delay_s)
        return [rasa_message(message.text if isinstance(message, Typed) else "Welcome.")]

    engine.answer = answer


def own_words(message: dict) -> str:
    return message["text"].rsplit("\n", 1)[-1]


# --- Each update once, in order -----------------------------------------------------------


def test_a_duplicate_is_answered_once(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    message = person.message("once")
    number = api.push({"message": message})
    person.answers()
    api.push({"update_id": number, "message": message})
    person.say("then")
    person.answers()

    assert typed(engine) == ["once", "then"]


def test_an_offset_that_telegram_overlooks_answers_nothing_twice(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    api.ignores_offset = True
    person.say("once")
    person.answers()
    before = len(api.called("getUpdates"))
    until(lambda: len(api.called("getUpdates")) > before + 3)

    assert typed(engine) == ["once"]


def test_words_of_one_chat_keep_their_order(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    def slower_first(_: str, message: object) -> list:
        if isinstance(message, Typed):
            time.sleep(0.2 if message.text == "w0" else 0)
        return [rasa_message("x")]

    engine.answer = slower_first
    for number in range(20):
        person.say(f"w{number}")
    person.answers(20)

    assert typed(engine) == [f"w{number}" for number in range(20)]


def test_a_slow_chat_does_not_hold_up_another(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    other_answered = threading.Event()

    def answer(_: str, message: object) -> list:
        if isinstance(message, Typed) and message.text == "slow":
            other_answered.wait(timeout=120)
        return [rasa_message("Welcome.")]

    engine.answer = answer
    person.say("slow")
    until(lambda: typed(engine) == ["slow"])
    other = Person(api, 70002)
    other.say("quick")
    until(lambda: api.sent(other.id))

    assert not api.sent(person.id)
    other_answered.set()
    person.answers()


def test_updates_that_can_t_be_read_are_passed_over(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    """One bad update must not block the good ones, nor come again for ever."""
    api.push({"message": {"message_id": "x"}})
    api.push({"message": 7})
    api.push({"callback_query": {"id": 1}})
    with api._lock:
        api.updates.append({"no": "number"})
    person.say("good")
    person.answers()
    until(lambda: not [u for u in api.updates if "update_id" in u])

    assert typed(engine) == ["good"]


# --- Telegram refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "failures",
    [
        [failure(429, "Too Many Requests: retry after 1", retry_after=1)],
        [failure(502, "Bad Gateway"), failure(500, "Internal Server Error")],
        [(502, b"<html>nginx</html>")],
    ],
    ids=["429", "5xx", "not JSON"],
)
def test_a_refused_message_is_sent_again(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person, failures: list
) -> None:
    echo(engine)
    api.fail("sendMessage", *failures)
    person.say("hello")
    person.answers()
    assert len(api.called("sendMessage")) == len(failures) + 1

    assert len(api.sent(person.id)) == 1


def test_being_told_to_wait_holds_up_no_other_chat(
    api: BotApi,
    bot: TelegramChannel,
    engine: FakeEngine,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_over, waits, sleep = threading.Event(), [], asyncio.sleep

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        while not is_over.is_set():
            await sleep(0.01)

    monkeypatch.setattr(sending, "asyncio", SimpleNamespace(sleep=wait))
    echo(engine)
    api.fail("sendMessage", failure(429, "Too Many Requests", retry_after=3))
    person.say("hello")
    until(lambda: waits)
    other = Person(api, 70002)
    other.say("hello")
    until(lambda: api.sent(other.id))

    assert waits == [3.0]
    assert not api.sent(person.id)
    is_over.set()
    person.answers()


def test_a_turn_waits_for_telegram_so_long_and_the_numbers_come_after_it(
    api: BotApi,
    bot: TelegramChannel,
    engine: FakeEngine,
    person: Person,
    wording: Wording,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two waits of a second are more than it has."""
    monkeypatch.setattr(turns, "LONGEST_TURN_S", 1.5)
    echo(engine)
    wait = failure(429, "Too Many Requests", retry_after=1)
    api.fail("sendMessage", wait, wait)
    person.say("hello")
    until(lambda: api.sent(person.id))
    [sent] = api.sent(person.id)

    assert wording.text("en", "utter_problem") in sent["text"]


def test_a_chat_that_floods_holds_up_no_other_and_its_last_words_are_heard(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person, wording: Wording
) -> None:
    other_answered = threading.Event()

    def answer(_: str, message: object) -> list:
        if isinstance(message, Typed) and message.text.startswith("flood"):
            other_answered.wait(timeout=120)
        return [rasa_message("Welcome.")]

    def apologies() -> list[dict]:
        problem = wording.text("en", "utter_problem")
        return [message for message in api.sent(person.id) if problem in message["text"]]

    engine.answer = answer
    for number in range(300):
        person.say(f"flood {number}")
    other = Person(api, 70002)
    other.say("quick")
    until(lambda: api.sent(other.id))
    until(apologies)
    assert [text for text in typed(engine) if text != "quick"] == ["flood 0"]
    other_answered.set()
    until(lambda: typed(engine)[-1] == "flood 299", 120)

    assert len(typed(engine)) < 150
    assert len(apologies()) == 1
    until(lambda: not bot._intake.is_busy)


def test_a_message_that_telegram_never_takes_ends_the_turn(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine, person: Person
) -> None:
    """Blocked meanwhile, for instance. The next message is answered again."""
    blocked = failure(403, "Forbidden: bot was blocked by the user")
    api.fail("sendMessage", blocked, blocked)
    person.say("one")
    until(lambda: len(api.called("sendMessage")) == 2)
    person.say("two")
    person.answers()
    person.say("three")
    person.answers()

    assert typed(engine) == ["one", "three"], "'two' was answered with what did not arrive"


@pytest.mark.parametrize("status", [429, 500, 409, 401])
def test_polling_goes_on_after_a_refusal(
    api: BotApi, start_bot: Start, person: Person, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("getUpdates", failure(status, "no", **({"retry_after": 1} if status == 429 else {})))
    start_bot()
    person.say("hello")

    assert person.answers()
    assert TOKEN not in caplog.text


def test_whoever_runs_it_can_see_when_telegram_last_answered(
    api: BotApi, start_bot: Start, person: Person
) -> None:
    class Seen(Watch):
        asked: list[int] = []

        def reached(self, channel: str) -> None:
            assert channel == "telegram"
            self.asked.append(len(api.called("getUpdates")))

    api.fail("getUpdates", failure(500, "no"))
    start_bot(watch=Seen())
    until(lambda: Seen.asked)

    assert Seen.asked[0] > 1, "a refusal is no answer"


def test_polling_goes_on_after_an_answer_that_is_none(
    api: BotApi, start_bot: Start, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """As of a gateway that answers in Telegram's place."""
    api.fail("getUpdates", (200, {"ok": True}), (200, {"ok": True, "result": [7]}))
    start_bot()
    person.say("hello")

    assert person.answers()
    assert "KeyError" in caplog.text


def test_forgetting_goes_on_after_a_failure(
    start_bot: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def sweep() -> list[str]:
        tries.append(1)
        raise RuntimeError("somebody's words")

    monkeypatch.setattr("bot.channels.telegram.bot.SWEEP_EVERY_S", 0.01)
    monkeypatch.setattr(start_bot()._chats, "sweep", sweep)
    until(lambda: len(tries) > 1)

    assert "RuntimeError" in caplog.text
    assert "somebody's words" not in caplog.text


def test_how_much_a_chat_sent_is_forgotten_though_nothing_more_comes(
    api: BotApi,
    start_bot: Start,
    engine: FakeEngine,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.bot.SWEEP_EVERY_S", 0.01)
    limits = start_bot()._limits
    person.say("hello")
    person.answers()
    now = time.monotonic()
    assert len(limits) == 1
    limits.clock = lambda: now + 3_600

    until(lambda: len(limits) == 0)


# --- Starting -------------------------------------------------------------------------------


def test_a_wrong_token_stops_the_start_without_being_shown(
    api: BotApi, start_bot: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "999:wrong_wrong_wrong_wrong_wrong_wrong"
    with pytest.raises(TelegramError, match="TELEGRAM_BOT_TOKEN") as error:
        start_bot(telegram_token=wrong)

    assert wrong not in str(error.value) + repr(error.value.__cause__)
    assert "wrong_wrong" not in "".join(capfd.readouterr())


def test_without_a_network_it_says_so_once_and_tries_on(
    api: BotApi,
    start_bot: Start,
    person: Person,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.bot.FIRST_CONTACT_S", 120)
    api.fail("getMe", *[failure(502, "Bad Gateway")] * 5)
    start_bot()
    assert api._failures["getMe"], "the web page waits for Telegram"
    api._failures["getMe"].clear()
    person.say("hello")
    person.answers()
    said = capfd.readouterr().err

    assert said.count("can't be reached yet") == 1
    assert said.count("Telegram: the bot answers") == 1


# --- Ending and beginning again ---------------------------------------------------------------


def test_stopping_in_mid_turn_loses_no_answer(
    api: BotApi, start_bot: Start, engine: FakeEngine, person: Person
) -> None:
    echo(engine, delay_s=0.6)
    bot = start_bot()
    person.say("in the middle")
    until(lambda: typed(engine))
    bot.stop()

    assert own_words(api.sent(person.id)[-1]) == "in the middle"
    assert api.updates == [], "Telegram was not told that it is done"


def test_a_restart_under_load_loses_nothing_and_repeats_nothing(
    api: BotApi, wording: Wording, engine: FakeEngine
) -> None:
    people = [Person(api, 81234 + number) for number in range(40)]
    echo(engine, delay_s=0.01)
    said: Counter[str] = Counter()
    is_over = threading.Event()

    def talk() -> None:
        chance = random.Random(7)
        for number in range(400):
            person = chance.choice(people)
            text = f"p{person.id}n{number}"
            said[text] += 1
            person.say(text)
            time.sleep(0.004)
        is_over.set()

    talking = threading.Thread(target=talk)
    talking.start()
    while True:
        was_over = is_over.is_set()
        channel = TelegramChannel(
            Settings(telegram_token=TOKEN, telegram_api_url=api.url),
            Conversations(engine, wording, turn_timeout_s=5),
            wording,
            messages_a_second=5000,
        )
        channel.start()
        if was_over:
            until(lambda: not api.updates, 120)
            channel.stop()
            break
        time.sleep(0.4)
        channel.stop()
    talking.join()
    answered = Counter(own_words(m) for p in people for m in api.sent(p.id))

    assert {"lost": said - answered, "twice": answered - said} == {
        "lost": Counter(),
        "twice": Counter(),
    }
    for person in people:
        numbers = [int(own_words(m).partition("n")[2]) for m in api.sent(person.id)]
        assert numbers == sorted(numbers)


def test_a_process_that_is_killed_loses_nothing(
    api: BotApi, wording: Wording, engine: FakeEngine, person: Person
) -> None:
    """What it had not finished, Telegram delivers again: it was not confirmed."""
    program = (
        "import sys; sys.path.insert(0, 'tests/bot')\n"
        "import time\n"
        "from fake_engine import FakeEngine, rasa_message\n"
        "from bot.channels.telegram.bot import TelegramChannel\n"
        "from bot.conversation import Conversations\n"
        "from bot.settings import Settings\n"
        "from bot.wording import load_wording\n"
        "engine = FakeEngine()\n"
        "engine.answer = lambda *_: time.sleep(600)\n"
        "wording = load_wording()\n"
        f"settings = Settings(telegram_token={TOKEN!r}, telegram_api_url={api.url!r})\n"
        "TelegramChannel(settings, Conversations(engine, wording), wording).start()\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT)
    until(lambda: api.called("getUpdates"), 60)
    person.say("not lost")
    until(lambda: api.called("sendChatAction"))
    process.kill()
    process.wait()
    echo(engine)
    channel = TelegramChannel(
        Settings(telegram_token=TOKEN, telegram_api_url=api.url),
        Conversations(engine, wording),
        wording,
    )
    channel.start()
    try:
        assert own_words(person.newest()) == "not lost"
    finally:
        channel.stop()


def test_two_hundred_chats_at_once(api: BotApi, bot: TelegramChannel, engine: FakeEngine) -> None:
    echo(engine)
    people = [Person(api, 91234 + number) for number in range(200)]
    for turn in range(3):
        for person in people:
            person.say(f"{person.id}:{turn}")
    until(lambda: not api.updates, 120)

    for person in people:
        assert [own_words(m) for m in api.sent(person.id)] == [f"{person.id}:{n}" for n in range(3)]


def test_a_port_that_nobody_answers_counts_as_no_network(
    start_bot: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start_bot(telegram_api_url=f"http://127.0.0.1:{port}")

    assert "can't be reached yet" in capfd.readouterr().err

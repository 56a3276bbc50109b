"""A conversation under test: say, choose, and know which response each reply is."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from bot.conversation import Conversations
from bot.engine.tracker_store import ForgetfulTrackerStore
from bot.replies import Choice, Reply, Turn
from bot.wording import load_wording

_PLACEHOLDER = re.compile(r"\{\w+\}")
_FREE = frozenset(
    {
        *("utter_offer_language", "utter_service", "utter_hours_day", "utter_hours_range"),
        *("utter_ask_worker_question", "utter_ask_worker_question_english"),
    }
)
"""Responses made of placeholders, or with English beside the person's language."""
_LETTERS = re.compile(r"[^\W\d_]")


class BranchingStore(ForgetfulTrackerStore):
    """The real store; a test may copy what is held from one conversation to another."""

    last: str = ""

    async def save(self, tracker) -> None:  # type: ignore[no-untyped-def]
        """Remember whose turn it was."""
        self.last = tracker.sender_id
        await super().save(tracker)

    def branch(self, source: str, target: str) -> None:
        """Let `target` stand where `source` stands."""
        self.shelf.put(target, self.shelf.get(source) or "")


@functools.cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str], int], ...]:
    """Every response's text in a language as a pattern, with the letters it brings itself."""
    wording = load_wording()
    found = []
    for name, variations in wording.responses.items():
        for variation in variations:
            text = wording.catalogues.text(language, name, variation["text"])
            parts = [re.escape(part) for part in _PLACEHOLDER.split(text)]
            letters = len(_LETTERS.findall(_PLACEHOLDER.sub("", text)))
            found.append((name, re.compile(".+".join(parts), re.DOTALL), letters))
    return tuple(found)


@functools.cache
def _service_texts(language: str) -> frozenset[str]:
    wording = load_wording()
    ids = [
        *wording.directory.services,
        *(c.id for place in wording.directory.places.values() for c in place.contacts),
    ]
    return frozenset(wording.service_reply(language, each).text for each in ids)


def names_of(text: str, language: str) -> list[str]:
    """The responses that a text may be, the most telling first."""
    if text in _service_texts(language):
        return ["utter_service"]
    hits = [(n, name) for name, pattern, n in _patterns(language) if n and pattern.fullmatch(text)]
    return list(dict.fromkeys(name for _, name in sorted(hits, key=lambda hit: -hit[0])))


@functools.lru_cache(maxsize=1)
def _offers() -> frozenset[str]:
    wording = load_wording()
    return frozenset(wording.text(code, "utter_shall_we") for code in wording.catalogues.languages)


def _is_in(reply: Reply, language: str) -> str | None:
    """None, or what in a reply is not in this language."""
    names = names_of(reply.text, language)
    if reply.text.split("\n")[0] in _offers():
        return None  # an offer of another language stands in both
    if not names:
        return f"no response in '{language}' reads: {reply.text!r}"
    if language == "en" or names[0] in _FREE:
        return None
    english = names_of(reply.text, "en")
    if english and english[0] not in _FREE:
        own = load_wording().catalogues.text
        english_texts = {v["text"] for v in load_wording().responses[english[0]]}
        if any(own(language, english[0], text) != text for text in english_texts):
            return f"English instead of '{language}': {reply.text!r}"
    wanted, english_titles = _titles(language), _titles("en")
    for choice in reply.choices:
        if choice.label in english_titles and choice.label not in wanted:
            return f"English button instead of '{language}': {choice.label!r}"
    return None


@functools.cache
def _titles(language: str) -> frozenset[str]:
    wording = load_wording()
    return frozenset(
        wording.catalogues.text(language, name, button["title"])
        for name, variations in wording.responses.items()
        for variation in variations
        for button in variation.get("buttons") or ()
    )


class Talk:
    """One conversation. `turn` is the last turn, `log` all of it, for messages of failed tests."""

    def __init__(
        self,
        conversations: Conversations,
        *,
        language: str | None = None,
        route: str | None = None,
        place: str | None = None,
    ) -> None:
        self._conversations = conversations
        self.log: list[str] = []
        self.turns: list[Turn] = []
        self.token, turn = conversations.start(language=language, route=route, place=place)
        self._note(f"(start {language or ''} {route or ''})", turn)

    @property
    def turn(self) -> Turn:
        """The last turn."""
        return self.turns[-1]

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Replies of the last turn."""
        return self.turn.replies

    @property
    def choices(self) -> list[Choice]:
        """All choices of the last turn."""
        return [choice for reply in self.replies for choice in reply.choices]

    def say(self, text: str) -> Turn:
        """Type words."""
        return self._note(text, self._conversations.say(self.token, text))

    def choose(self, *wanted: str) -> Turn:
        """Touch a button of the last turn, by payload, label or intent; or send a payload."""
        ids = [self._payload(each) for each in wanted]
        return self._note(f"[{' '.join(ids)}]", self._conversations.choose(self.token, ids))

    def walk(self, payloads: Iterable[str]) -> Talk:
        """Choose one after another."""
        for payload in payloads:
            self.choose(payload)
        return self

    def delete(self) -> None:
        """Erase, as the channel does."""
        self._conversations.erase(self.token)

    def says(self, response: str) -> bool:
        """Whether a reply of the last turn is this response, in the turn's language."""
        return any(response in names_of(reply.text, self.turn.language) for reply in self.replies)

    @property
    def asked(self) -> str:
        """The last turn's last text: the open question or menu."""
        return self.replies[-1].text

    def fault(self) -> str | None:
        """What is wrong with the last turn as such: empty, broken, or in another language."""
        if not self.replies or any(not reply.text.strip() for reply in self.replies):
            return "an empty answer"
        if self.says("utter_problem"):
            return "something went wrong"
        for reply in self.replies:
            if "{" in reply.text:
                return f"a placeholder was left: {reply.text!r}"
            if fault := _is_in(reply, self.turn.language):
                return fault
        return None

    def story(self) -> str:
        """The conversation as dialogue."""
        return "\n".join(["", *self.log, ""])

    def _payload(self, wanted: str) -> str:
        if wanted.startswith("/"):
            return wanted
        for choice in self.choices:
            if wanted == choice.label:
                return choice.id
        raise AssertionError(f"there is no button {wanted!r}{self.story()}")

    def _note(self, said: str, turn: Turn) -> Turn:
        self.turns.append(turn)
        self.log.append(f"  > {said}")
        for reply in turn.replies:
            mark = "!" if reply.tone == "urgent" else " "
            buttons = " | ".join(choice.label for choice in reply.choices[:8])
            text = reply.text.replace("\n", " / ")
            self.log.append(f" {mark}  {text}" + (f"  [{buttons}]" if buttons else ""))
        return turn

"""Talk in the terminal: numbers choose, words are said, an empty line ends."""

from __future__ import annotations

import io
import sys

from bot.conversation import Conversations
from bot.errors import ConversationError
from bot.replies import Turn
from bot.settings import Settings
from bot.wording import load_wording


def talk(settings: Settings, language: str | None) -> None:
    """One conversation on standard input and output."""
    from bot.engine.embedded import EmbeddedEngine

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # what is no text ends no conversation
    engine = EmbeddedEngine(settings.model)
    try:
        conversations = Conversations(engine, load_wording())
        token, turn = conversations.start(language=language)
        _show(turn)
        for line in sys.stdin if not sys.stdin.isatty() else iter(_ask, ""):
            if not line.strip():
                break
            try:
                turn = _answer(conversations, token, turn, line.strip())
                _show(turn)
            except ConversationError as error:
                print(conversations.problem(turn.language, error.response)[2].text)
            if turn.ended:
                break
        conversations.erase(token)
    finally:
        engine.close()


def _ask() -> str:
    try:
        return input("> ")
    except EOFError:
        return ""


def _answer(conversations: Conversations, token: str, turn: Turn, line: str) -> Turn:
    choices = [choice for reply in turn.replies for choice in reply.choices]
    several = any(reply.multiple for reply in turn.replies)
    picked = line.replace(",", " ").split()
    is_pick = choices and all(p.startswith("#") and p[1:].isdecimal() for p in picked)
    numbers = [int(p[1:]) for p in picked] if is_pick else []
    if numbers and all(1 <= n <= len(choices) for n in numbers) and (several or len(numbers) == 1):
        return conversations.choose(token, [choices[n - 1].id for n in numbers])
    return conversations.say(token, line)


def _show(turn: Turn) -> None:
    number = 0
    for reply in turn.replies:
        if reply.progress:
            print(f"\n({reply.progress})", end="")
        print(("\n!! " if reply.tone == "urgent" else "\n") + reply.text)
        for link in reply.links:
            print(f"   -> {link.label}")
        for choice in reply.choices:
            number += 1
            print(f"   #{number} {'✓ ' if choice.ticked else ''}{choice.label}")
    sys.stdout.flush()

"""Groups and channels: one neutral line, then out. Nothing that is written there is read."""

from __future__ import annotations

from telegram import Bot, Chat, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.sending import attempt, persist
from bot.channels.telegram.speaking import app_language
from bot.wording import Wording

_GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def leave_group(bot: Bot, wording: Wording, chat: Chat, update: Update) -> None:
    """Members must not learn what the bot is for, nor that one of them knows it. A channel,
    which many may read, is left without a word.
    """
    if update.my_chat_member and update.my_chat_member.new_chat_member.status in _GONE:
        return
    if chat.type != ChatType.CHANNEL:
        language = app_language(update.effective_user, wording) or "en"
        line = wording.text(language, "utter_telegram_group")
        await attempt(
            lambda: persist(lambda: bot.send_message(chat.id, line, disable_notification=True))
        )
    await attempt(lambda: persist(lambda: bot.leave_chat(chat.id)))

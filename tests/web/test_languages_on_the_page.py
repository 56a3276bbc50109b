"""Each language on the page: the chat, its labels and what screen readers hear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from foreign_words import english_in
from web_chat import ROOT, WebChat

from bot.i18n import load_catalogues

OpenPage = Callable[..., WebChat]
CATALOGUES = load_catalogues().languages
STEPS = (
    *("/start_self", '/answer{"safe_to_talk":"yes"}', '/answer{"feels_safe":"no"}'),
    *("/skip_question",) * 6,
    "/ask_what_happens_if_call",
)
ALL_TEXTS = f"""() => [{ROOT}, document].flatMap((root) => [
  ...[...root.querySelectorAll('*')].flatMap((node) => [
    node.getAttribute('aria-label'), node.getAttribute('placeholder'),
    ...[...node.childNodes].filter((each) => each.nodeType === 3 && node.localName !== 'style' && node.localName !== 'script').map((each) => each.data),
  ]),
]).filter(Boolean).join('\\n')"""


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_nothing_is_in_another_language(open_page: OpenPage, language: str) -> None:
    chat = open_page(language)
    seen = chat.page.evaluate(ALL_TEXTS)
    for step in STEPS:
        chat.choose(step)
        seen += chat.page.evaluate(ALL_TEXTS)

    html = chat.page.locator("html")
    assert html.get_attribute("dir") == CATALOGUES[language].dir
    assert chat.find(".reply").last.get_attribute("lang") == language.replace("_", "-")
    assert english_in(seen, language) == []

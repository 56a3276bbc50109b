"""The plainest sentences are heard: sets of indirect messages don't show when they are not."""

import pytest
import yaml

from bot.i18n import load_catalogues
from bot.recognition import Hear
from bot.settings import PROJECT

FILE = PROJECT / "tests" / "nlu" / "plain_statements.yml"
STATEMENTS: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))


def test_every_language_has_its_statements() -> None:
    wanted = {"documents_held", "unpaid", "violence", "cannot_leave"}

    assert set(STATEMENTS) == set(load_catalogues().languages)
    assert [code for code, said in STATEMENTS.items() if set(said) != wanted] == []


@pytest.mark.parametrize("language", sorted(STATEMENTS))
def test_plain_statements_are_heard(hear: Hear, language: str) -> None:
    missed = {
        label: text
        for label, text in STATEMENTS[language].items()
        if label not in hear(text)["signs"]
    }

    assert missed == {}

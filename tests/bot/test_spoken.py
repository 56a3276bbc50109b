"""bot/spoken.py: languages an interpreter can be asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import spoken
from bot.spoken import SpokenError, load_spoken


def test_every_language_has_two_names() -> None:
    assert all(each.english_name.isascii() and each.name for each in load_spoken().values())


@pytest.mark.parametrize("text", ["", "vi: [Vietnamese]", "vi: 3", "- vi", "{"], ids=repr)
def test_a_malformed_list_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "spoken.yml").write_text(text)
    monkeypatch.setattr(spoken, "LOCALES", tmp_path)

    with pytest.raises(SpokenError, match=r"spoken\.yml"):
        load_spoken.__wrapped__()

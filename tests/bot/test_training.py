"""bot/training.py: a model is stale when one of its sources changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import training

FILES = (
    *("config.yml", "domain.yml", "data/nlu/en/signs.yml", "data/stories/rules.yml"),
    *("data/danger_phrases/en.yml", "data/safe_phrases/en.yml", "bot/nlu/scorer.py"),
    *("bot/text.py", "uv.lock"),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(training, "PROJECT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_changed_source_changes_the_digest(project: Path, name: str) -> None:
    before = training.digest()
    (project / name).write_text("changed")

    assert training.digest() != before


def test_a_new_file_changes_the_digest(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/so.yml").write_text("x")

    assert training.digest() != before


def test_a_moved_file_changes_the_digest(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/en/signs.yml").rename(project / "data/nlu/en/sign.yml")

    assert training.digest() != before


def test_a_file_for_readers_changes_nothing(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/README.md").write_text("x")

    assert training.digest() == before


def test_a_model_that_is_up_to_date_is_left(project: Path) -> None:
    model = project / "waymark.tar.gz"
    model.write_text("model")
    (project / "waymark.tar.gz.sources").write_text(training.digest())

    assert training.train(model) is False
    assert model.read_text() == "model"


@pytest.mark.parametrize("state", ["no model", "stale", "forced"])
def test_training_without_a_model_at_the_end_raises(
    project: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    import rasa.model_training

    class Result:
        code = 1

    model, stamp = project / "waymark.tar.gz", project / "waymark.tar.gz.sources"
    if state != "no model":
        model.write_text("model")
    stamp.write_text("old" if state == "stale" else training.digest())
    monkeypatch.setattr(rasa.model_training, "train", lambda **_: Result())

    with pytest.raises(training.TrainingError):
        training.train(model, force=state == "forced")
    assert state != "stale" or stamp.read_text() == "old"

"""bot/engine/embedded.py: without a usable model there is no start, and a sentence says why."""

from __future__ import annotations

import errno
import io
import tarfile
import threading
from pathlib import Path

import pytest

from bot.engine import loading
from bot.engine.embedded import EmbeddedEngine
from bot.errors import EngineUnavailableError


def refusal(model: Path) -> str:
    with pytest.raises(EngineUnavailableError) as caught:
        EmbeddedEngine(model)
    return str(caught.value)


def archive(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def test_a_missing_model_says_make_train(tmp_path: Path) -> None:
    assert "make train" in refusal(tmp_path / "none.tar.gz")


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    assert "make train" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 100, b"\x1f\x8b\x08"], ids=["empty", "text", "start of gzip"]
)
def test_a_damaged_model_says_make_train(tmp_path: Path, content: bytes) -> None:
    model = tmp_path / "waymark.tar.gz"
    model.write_bytes(content)

    assert "make train" in refusal(model)


def test_an_archive_without_a_model_says_make_train(tmp_path: Path) -> None:
    assert "make train" in refusal(archive(tmp_path / "waymark.tar.gz"))


def test_an_archive_with_a_broken_description_says_make_train(tmp_path: Path) -> None:
    assert "make train" in refusal(archive(tmp_path / "waymark.tar.gz", **{"metadata.json": b"{"}))


def test_a_truncated_archive_says_make_train(tmp_path: Path) -> None:
    model = archive(tmp_path / "waymark.tar.gz", **{"metadata.json": b"{}" * 10_000})
    model.write_bytes(model.read_bytes()[:-20])

    assert "make train" in refusal(model)


def test_a_full_disk_is_not_taken_for_a_damaged_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(loading.Agent, "load", fill)
    said = refusal(archive(tmp_path / "waymark.tar.gz"))

    assert "No space left on device" in said
    assert "make train" not in said


def test_a_refused_model_leaves_no_thread(tmp_path: Path) -> None:
    refusal(tmp_path / "none.tar.gz")

    assert [thread for thread in threading.enumerate() if thread.name == "engine"] == []

"""Show that a manifest comes back as written, and that anything else is none."""

from pathlib import Path

import pytest

from index.manifest import Manifest, quarantine, read_manifest, write_manifest


def test_a_manifest_comes_back(tmp_path: Path) -> None:
    manifest = Manifest("store", 7, "parameters", "rows-7.faiss", "ab")
    write_manifest(tmp_path, Manifest("old", 1, "p"))
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"store": "a", "generation": "7", "parameters": "p"}']
)
def test_what_is_no_manifest_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert read_manifest(tmp_path) is None


def test_quarantine_keeps_the_last_one(tmp_path: Path) -> None:
    folder = tmp_path / "bm25"
    for content in ("first", "second"):
        folder.mkdir()
        (folder / "file").write_text(content, encoding="utf-8")
        aside = quarantine(folder)
        assert not folder.exists()
    assert (aside / "file").read_text(encoding="utf-8") == "second"

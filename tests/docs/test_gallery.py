"""The page of published games says what its command writes today."""

import runpy
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def made(root: Path) -> dict[str, object]:
    return runpy.run_path(str(root / "docs" / "make_gallery.py"))


def test_the_page_is_up_to_date(made, root: Path) -> None:
    page = (root / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert page == made["page"](), "python docs/make_gallery.py writes it anew"


def test_every_published_game_and_every_published_answer_is_there_and_found(made, root: Path) -> None:
    page = made["page"]()
    files = sorted((root / "scenarios" / "published").glob("*.toml"))
    assert files
    assert [path.stem for path in files if f"\n`{path.stem}`. " not in page] == []
    answers = sum(path.read_text(encoding="utf-8").count("\n[[expect]]") for path in files)
    assert page.count(". Ours: the same. Source: ") == answers


def test_an_answer_that_is_not_ours_is_said_aloud(made, tmp_path: Path, root: Path) -> None:
    import sim

    text = (root / "scenarios" / "published" / "stag-hunt.toml").read_text(encoding="utf-8")
    (tmp_path / "stag-hunt.toml").write_text(text.replace('"3/4", "1/4"', '"2/3", "1/3"'), encoding="utf-8")
    said = "\n".join(made["_answers"](sim.load(tmp_path / "stag-hunt.toml").data))
    assert "NOT the same: (2/3, 1/3; 2/3, 1/3) is not found" in said

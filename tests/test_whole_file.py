"""A file is there whole, with a new file's permissions, or it is not there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.sweeps.store import write_json
from sim.whole_file import whole_file, write_whole


@pytest.fixture(params=[0o022, 0o027], ids=["022", "027"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_a_new_file_has_the_permissions_that_the_umask_leaves(umask: int, tmp_path: Path) -> None:
    write_whole(tmp_path / "text", "a")
    write_json(tmp_path / "document.json", {"a": 1})
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_file_that_was_begun_and_not_finished_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "kept", "old")

    def interrupted() -> None:
        with whole_file(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert path.read_text() == "old"


def test_nobody_sees_the_new_text_before_it_is_whole(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "kept", b"old")
    with whole_file(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_an_error_names_the_file_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "none" / "text", tmp_path / "folder"):
        with pytest.raises(OSError) as caught:
            write_whole(path, "a")
        assert caught.value.filename == str(path)


def test_two_writers_never_share_a_temporary_file(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a") as one, whole_file(tmp_path / "a") as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert (tmp_path / "a").read_text() == "one"

"""Output files: complete or absent, never through a link, never over another file by accident."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from invo_cli.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from invo_cli.exports.files import atomic, destination

pytestmark = pytest.mark.unit


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "invoices.csv"


def written(target: Path, text: str = "new\n", *, force: bool = False) -> list[str]:
    """Write the file; the names that are in its folder afterwards."""
    with atomic(target, force=force) as out:
        out.write(text)
    return names(target)


def names(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


def test_a_file_is_there_whole_and_alone(target: Path) -> None:
    assert written(target, "ರೂ\r\n") == ["invoices.csv"]
    assert target.read_bytes() == "ರೂ\r\n".encode()


def test_the_file_is_unreadable_for_others_until_it_is_whole(target: Path) -> None:
    with atomic(target, force=False) as out:
        out.write("half")
        assert names(target) == [".invoices.csv.invo-part"]
        assert (target.parent / ".invoices.csv.invo-part").stat().st_mode & 0o777 == 0o600


def test_a_new_file_has_the_rights_of_the_umask_and_a_replaced_one_keeps_its_own(target: Path) -> None:
    before = os.umask(0o027)
    try:
        written(target)
        assert target.stat().st_mode & 0o777 == 0o640
        target.chmod(0o604)
        written(target, force=True)
        assert target.stat().st_mode & 0o777 == 0o604
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_a_file_that_is_there_is_kept_without_force(target: Path) -> None:
    target.write_text("old")
    with pytest.raises(ConflictError, match="is there already"):
        written(target)
    assert target.read_text() == "old"
    written(target, force=True)
    assert target.read_text() == "new\n"


def test_a_file_that_appears_meanwhile_is_kept_without_force(target: Path) -> None:
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(ConflictError))
        stack.enter_context(atomic(target, force=False)).write("new")
        target.write_text("somebody else's")
    assert (target.read_text(), names(target)) == ("somebody else's", ["invoices.csv"])


@pytest.mark.parametrize("force", [False, True])
def test_a_link_is_never_followed(target: Path, force: bool) -> None:
    victim = target.parent / "victim"
    victim.write_text("precious")
    target.symlink_to(victim)
    with pytest.raises(ConflictError, match="not a regular file"):
        written(target, force=force)
    assert (victim.read_text(), target.is_symlink()) == ("precious", True)


def test_a_link_in_the_place_of_the_unfinished_file_is_never_followed(target: Path) -> None:
    victim = target.parent / "victim"
    victim.write_text("precious")
    (target.parent / ".invoices.csv.invo-part").symlink_to(victim)
    with pytest.raises(InvalidError):
        written(target)
    assert victim.read_text() == "precious"


def test_a_hard_link_in_the_place_of_the_unfinished_file_harms_nothing(target: Path) -> None:
    victim = target.parent / "victim"
    victim.write_text("precious")
    (target.parent / ".invoices.csv.invo-part").hardlink_to(victim)
    assert written(target) == ["invoices.csv", "victim"]
    assert victim.read_text() == "precious"


def test_folders_pipes_and_devices_are_refused(target: Path) -> None:
    pipe = target.parent / "pipe"
    os.mkfifo(pipe)
    for path in (target.parent, pipe, Path("/dev/null")):
        with pytest.raises(ConflictError, match="not a regular file"):
            written(path, force=True)


def test_a_missing_folder_is_not_found(target: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        written(target.parent / "nowhere" / "x.csv")
    with pytest.raises(InvalidError, match="cannot be written"):
        written(target.parent / ("n" * 300))


@pytest.mark.parametrize("problem", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_and_nothing_else(target: Path, problem: type[BaseException]) -> None:
    target.write_text("old")
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(problem))
        stack.enter_context(atomic(target, force=True)).write("half")
        raise problem
    assert (target.read_text(), names(target)) == ("old", ["invoices.csv"])


def test_what_a_killed_run_left_is_removed_by_the_next(target: Path) -> None:
    target.write_text("old")
    script = (
        "import sys, time; from pathlib import Path; from invo_cli.exports.files import atomic\n"
        "with atomic(Path(sys.argv[1]), force=True) as out:\n"
        "    out.write('half'); out.flush(); print('writing', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "writing\n"
        with pytest.raises(UnavailableError, match="Another run"):
            written(target, force=True)
        run.send_signal(signal.SIGKILL)
    assert (target.read_text(), names(target)) == ("old", [".invoices.csv.invo-part", "invoices.csv"])
    assert written(target, force=True) == ["invoices.csv"]
    assert target.read_text() == "new\n"


def test_a_full_disk_is_named_and_leaves_the_old_file(target: Path) -> None:
    target.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(UnavailableError, match="cannot be written"):
            written(target, "x" * 1_000_000, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (target.read_text(), names(target)) == ("old", ["invoices.csv"])


def test_two_runs_that_meet_end_with_one_whole_file(target: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from invo_cli.errors import UnavailableError\n"
        "from invo_cli.exports.files import atomic\n"
        "for turn in range(150):\n"
        "    try:\n"
        "        with atomic(Path(sys.argv[1]), force=True) as out: out.write(sys.argv[2] * 5000)\n"
        "    except UnavailableError: pass\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(target), letter]) for letter in "abc"]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert target.read_text() in ("a" * 5000, "b" * 5000, "c" * 5000)
    assert names(target) == ["invoices.csv"]


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with destination("-", force=False) as out:
        out.write("text")
    assert capsys.readouterr().out == "text"

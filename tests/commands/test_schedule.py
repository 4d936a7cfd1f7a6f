"""Schedules: crontab lines read by their fields, units judged by systemd itself where it is there."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import GSTIN, Invo

pytestmark = pytest.mark.integration
OWN = ("backup", "remind", "verify", "metrics")
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
FIELD = re.compile(r"(?P<every>\*(/(?P<step>[0-9]+))?)|(?P<first>[0-9]+)(-(?P<last>[0-9]+))?")


@pytest.fixture
def shop(counter: Invo, tmp_path: Path) -> Invo:
    """Two export jobs, of which one says nowhere where it writes."""
    counter("export", "job", "create", "nightly", "invoices", "--out", str(tmp_path / "n.csv"))
    counter("export", "job", "create", "silent", "items")
    return counter


def crontab(text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The settings, and the words of each command by the fields of its time; every field is in its range."""
    settings, commands = {}, {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if found := re.fullmatch(r'([A-Z_]+)="?(.*?)"?', line):
            settings[found[1]] = found[2]
            continue
        *times, command = line.split(None, 5)
        assert len(times) == 5, line
        for field, (low, high) in zip(times, RANGES, strict=True):
            match = FIELD.fullmatch(field)
            assert match, field
            numbers = [int(match[name]) for name in ("step", "first", "last") if match[name]]
            assert all(low <= number <= high for number in numbers), field
        assert not re.search(r"(?<!\\)%", command)
        commands[" ".join(times)] = shlex.split(command.replace("\\%", "%"))
    return settings, commands


def test_every_job_has_a_line_that_cron_can_read(shop: Invo, home: Path) -> None:
    done = shop("schedule", "print", "cron")
    assert done.exit_code == 0, done.output
    settings, commands = crontab(done.stdout)
    assert settings["INVO_HOME"] == str(home)
    assert settings["MAILTO"]
    lines = list(commands.values())
    assert len(commands) == 1 + len(OWN)
    assert all(Path(words[0]).is_absolute() and words[-2:] == ["-q", ">/dev/null"] for words in lines)
    assert any(
        words[1:] == ["export", "job", "run", "nightly", "--quiet-if-empty", "--business", GSTIN, *words[-2:]]
        for words in lines
    )
    assert "silent" in done.stderr
    assert "silent" not in done.stdout


def test_the_commands_of_the_lines_exist(shop: Invo, tmp_path: Path) -> None:
    target = tmp_path / "invo.prom"
    done = shop("schedule", "print", "cron", "--metrics-file", str(target))
    for words in crontab(done.stdout)[1].values():
        ran = shop(*words[1:-1])
        assert ran.exit_code == 0, (words, ran.output)
    assert target.exists()


def test_tokens_are_read_from_files_and_never_printed(shop: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_TOKEN", "")
    text = shop("schedule", "print", "cron", "verify", "backup", "--tokens", "/etc/it's 50%").stdout
    assert "INVO_TOKEN=\"$(cat '/etc/it'\"'\"'s 50\\%/exporter')\" /" in text
    assert "invo token create --name schedule-admin --role admin" in text
    assert "Nobody signs in here" not in text


def test_the_units_are_what_systemd_expects(shop: Invo, tmp_path: Path) -> None:
    done = shop("schedule", "print", "systemd", "--out", str(tmp_path), "--tokens", "/etc/it's 50%")
    assert done.exit_code == 0, done.output
    units = sorted(tmp_path.glob("invo-*"))
    assert [unit.name for unit in units] == sorted(
        f"invo-{job}.{kind}" for job in (*OWN, "nightly") for kind in ("service", "timer")
    )
    for unit in units:
        parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read(unit)
        kind = "Timer" if unit.suffix == ".timer" else "Service"
        assert {"Unit", kind} <= set(parser.sections())
        assert parser[kind].get("OnCalendar") or parser[kind]["Type"] == "oneshot"
    if shutil.which("systemd-analyze"):
        judged = subprocess.run(
            ["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True, timeout=60, check=False
        )
        assert (judged.returncode, judged.stderr) == (0, "")


def test_a_job_may_be_chosen_and_a_wrong_one_is_refused(shop: Invo) -> None:
    text = shop("schedule", "print", "systemd", "verify").stdout
    assert text.count("[Service]") == text.count("[Timer]") == 1
    assert "# invo-verify.service\n" in text
    done = shop("schedule", "print", "cron", "nightl")
    assert done.exit_code == 4
    assert "Did you mean nightly?" in done.stderr
    assert shop("schedule", "print", "cron", "silent").exit_code == 3


def test_the_jobs_of_the_program_need_no_database(home: Path) -> None:
    from typer.testing import CliRunner

    from invo_cli.cli import app

    assert CliRunner().invoke(app, ["schedule", "print", "cron", *OWN]).exit_code == 0
    assert CliRunner().invoke(app, ["schedule", "print", "cron"]).exit_code == 8

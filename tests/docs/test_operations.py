"""The page for operators names every check, every metric and every exit code."""

from __future__ import annotations

import json
import re

import pytest

from invo_cli.commands import verify
from invo_cli.commands.schedule import USUAL_METRICS
from invo_cli.commands.schedule_jobs import of_the_program
from tests.conftest import Invo
from tests.docs.tables import codes, rows, text

pytestmark = pytest.mark.contract
PAGE = "docs/operations.md"


def named(heading: str, column: int = 0) -> set[str]:
    return {code for row in rows(PAGE, heading) for code in codes(row[column])}


def test_every_metric_is_explained(counter: Invo) -> None:
    printed = set(re.findall(r"^# TYPE (\S+)", counter("metrics").stdout, re.MULTILINE))
    assert printed == named("Monitoring: metrics and alerts")


def test_the_alerts_are_about_metrics_that_there_are(counter: Invo) -> None:
    used = set(re.findall(r"\binvo_[a-z_]+", text(PAGE).split("```yaml")[1].split("```")[0]))
    assert used <= named("Monitoring: metrics and alerts")


def test_every_check_of_the_doctor_is_explained(counter: Invo) -> None:
    looked_at = {row["check"] for row in json.loads(counter("doctor", "-o", "json").stdout)}
    assert looked_at - {"businesses", "users"} <= named("Is it well? doctor")


def test_every_check_of_the_books_is_explained() -> None:
    assert named("Are the books right? verify") == set(verify.NAMES)


def test_the_jobs_are_those_of_the_program() -> None:
    jobs = {job.name: job.role for job in of_the_program(USUAL_METRICS)}
    told = {code: row[3] for row in rows(PAGE, "What should run by itself") for code in codes(row[0])}
    assert told == jobs


def test_the_runbook_says_for_each_failure_what_to_do() -> None:
    entries = rows(PAGE, "Runbook: when something failed")
    assert len(entries) >= 15
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in entries)

"""--max-lag: on every command that reads on a standby, and on no other."""

from __future__ import annotations

import pytest

from invo_cli.options import GlobalOptions
from invo_cli.settings import load
from tests import test_docs
from tests.conftest import Invo

pytestmark = pytest.mark.contract
ELSEWHERE = {"config list", "db backup list"}
"""Lists of files."""
EXPORTS = {"export job run", *(f"export {each}" for each in ("invoices", "lines", "all", "customers", "users"))}


def test_it_is_there_where_a_standby_is_read_and_nowhere_else(invo: Invo) -> None:
    paths = {
        entry.path.removeprefix("invo ") for entry in test_docs.ENTRIES if not getattr(entry.command, "commands", {})
    }
    wanted = {path for path in paths if path.startswith("report ") or path.endswith(" list")} - ELSEWHERE | EXPORTS
    for path in sorted({*wanted, *ELSEWHERE, "invoice show", "invoice create", "export job create", "verify"}):
        said = invo(*path.split(), "--help").stdout
        assert ("--max-lag" in said) == (path in wanted), path


@pytest.mark.parametrize(("value", "status"), [("0", 0), ("3600", 0), ("-1", 3), ("soon", 3), ("", 3)])
def test_it_is_a_whole_number_of_seconds(counter: Invo, value: str, status: int) -> None:
    assert counter("invoice", "list", f"--max-lag={value}").exit_code == status


def test_it_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_MAX_LAG", "5")
    settings, origins = load(GlobalOptions(max_lag=0))
    assert (settings.max_lag, origins["max_lag"]) == (0, "flag")

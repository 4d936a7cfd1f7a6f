"""Every example at the foot of a command's help works in a service centre that has what it names."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from tests.docs.running import run
from tests.docs.shop import OFFICE, REPORTED, SCHEMA, SHOP, copy, inside, prepare
from tests.docs.tree import commands

pytestmark = pytest.mark.contract

STARTS: dict[str, tuple[str, ...]] = {
    "invo init": (),
    "invo db upgrade": (),
    "invo business create": SCHEMA,
    "invo user create": OFFICE,
    **{f"invo einvoice {verb}": REPORTED for verb in ("build", "validate", "record", "show", "cancel", "due")},
    **{f"invo eway {verb}": REPORTED for verb in ("build", "record", "cancel", "list")},
}
"""What is there before the examples of a command are run; left out: SHOP."""

FIRST: dict[str, str] = {
    "invo hsn search": "invo hsn import hsn.csv",
    "invo hsn show": "invo hsn import hsn.csv",
    "invo invoice cancel D-17": "invo invoice issue D-17",
    "invo customer restore": "invo customer delete C-0001",
    "invo item restore": "invo item delete I-0001",
    "invo user enable": "invo user disable ravi",
    "invo audit verify --file": "invo audit export --out trail.jsonl",
    "invo audit verify --head": "invo audit head > head.txt",
    "invo token revoke": "invo token create --name cron-nightly --role exporter --expires 90d",
    "invo payment unallocate": "invo payment allocate PAY/26-27/0001 INV/26-27/0001:500",
    "invo payment amend": "invo period lock 2026-08 --reason filed",
    "invo export job run weekly": "invo export job create weekly invoices --format jsonl --out weekly.jsonl",
    "invo period unlock": "invo period lock 2026-09 --reason filed",
    "invo invoice restore": "invo invoice delete D-17",
    "invo db backup list backups": "invo db backup --out backups",
    "invo db backup verify": "invo db backup --out backups",
    "invo db restore": "invo db backup --out backups",
    "invo import undo customers-1": "invo import customers customers.csv --batch customers-1",
}
"""What is run before an example that begins so."""

ASKS = {
    "invo init": "The first business needs --name.",
    "invo user create asha --role admin": "The password of asha is needed",
    "invo auth login asha": "The password of asha is needed",
    "invo user password asha": "The password of asha is needed",
    "invo user delete ravi": "This needs a confirmation",
    "invo customer merge C-0007 C-0001 --reason 'entered twice'": "This needs a confirmation",
    "invo db downgrade 20250924_0001": "This needs a confirmation",
    "invo invoice edit D-17": "There is no terminal to edit in.",
}
"""Examples that ask somebody; without a terminal they end with status 2 and say what would have been asked."""

ELSEWHERE = {
    "invo demo --invoices 5000 --seed 7": "takes a minute",
    "invo db roles --apply": "needs PostgreSQL",
    "invo db revision -m 'add credit notes' --autogenerate": "writes a script into the checkout",
    "invo db revision -m 'fill in states'": "writes a script into the checkout",
    "invo db restore backups/invo-20261005T063000Z.sqlite.zst --to postgresql://invo@db.example.com/invo": "needs it",
    "invo db copy --from sqlite:///home/invo.db --to postgresql://invo@db.example.com/invo": "needs that server",
    'eval "$(invo completion zsh)"  # in ~/.zshrc, after compinit': "needs zsh",
}
"""Examples that are not run here, and why."""


@cache
def prepared(folder: Path, start: tuple[str, ...]) -> Path:
    """The folder of a start, made once for all examples."""
    target = folder / str(len(list(folder.iterdir())))
    prepare(target, start)
    return target


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.mark.parametrize("path", [entry.path for entry in commands()])
def test_the_examples_of_a_command_work(path: str, folder: Path, tmp_path: Path) -> None:
    start = prepared(folder, STARTS.get(path, SHOP))
    entry = next(entry for entry in commands() if entry.path == path)
    for number, example in enumerate(entry.examples):
        if example in ELSEWHERE:
            continue
        with inside(copy(start, tmp_path / str(number))):
            for beginning, command in FIRST.items():
                if example.startswith(beginning):
                    assert run(command).status == 0, command
            done = run(example)
        expected = 2 if example in ASKS else 0
        assert done.status == expected, f"{example}\n{done.stdout}\n{done.stderr}"
        assert ASKS.get(example, "") in done.stderr
        assert "Traceback" not in done.stderr
        shutil.rmtree(tmp_path / str(number))


def test_the_exceptions_are_still_examples() -> None:
    examples = {example for entry in commands() for example in entry.examples}
    assert examples >= ASKS.keys() | ELSEWHERE.keys()
    assert all(any(example.startswith(beginning) for example in examples) for beginning in FIRST)

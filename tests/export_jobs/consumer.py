"""What stands at the other end of a job: it applies batches by their keys, and compares with the full export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Invo

KEYS = {
    "invoices": ("business", "id"),
    "lines": ("business", "id", "line"),
    "customers": ("business", "code"),
    "items": ("business", "code"),
    "payments": ("business", "number", "financial_year"),
    "allocations": ("business", "id"),
    "audit": ("business", "seq"),
    "users": ("name",),
}
Row = dict[str, Any]


class Consumer:
    """The state of one job's receiver."""

    def __init__(self, data_set: str, folder: Path, *flags: str, job: str | None = None) -> None:
        self.data_set, self.flags = data_set, flags
        self.job = job or f"{data_set}-job"
        self.out, self.manifest = folder / f"{self.job}.jsonl", folder / f"{self.job}.json"
        self.rows: dict[tuple[Any, ...], Row] = {}
        self.batches: list[tuple[int, bytes]] = []
        self.to: Any = None

    @property
    def command(self) -> tuple[str, ...]:
        """The arguments of one run."""
        files = ("--out", str(self.out), "--manifest", str(self.manifest))
        return ("export", self.data_set, "--since-last", self.job, "--format", "jsonl", *files, *self.flags)

    def pull(self, invo: Invo) -> int:
        """Run the job and apply what it wrote; how many rows that were."""
        result = invo(*self.command)
        assert (result.exit_code, result.stdout) == (0, ""), result.output
        return self.apply()

    def apply(self) -> int:
        """Apply the file that lies there, which must be what its manifest says and follow the one before."""
        text, manifest = self.out.read_bytes(), json.loads(self.manifest.read_text())
        rows = [json.loads(line) for line in text.splitlines()]
        assert (manifest["job"], manifest["rows"]) == (self.job, len(rows))
        if manifest["batch"] is None or (self.batches and manifest["batch"] == self.batches[-1][0]):
            assert not rows or text == self.batches[-1][1]
            return 0
        assert manifest["batch"] == len(self.batches) + 1
        assert self.to is None or manifest["from"] == self.to
        self.to = manifest["to"]
        self.batches.append((manifest["batch"], text))
        for row in rows:
            self._apply(row)
        return len(rows)

    def require_same(self, invo: Invo) -> None:
        """What was applied is exactly the full export of the same settings."""
        result = invo("export", self.data_set, "--format", "jsonl", *self.flags)
        assert result.exit_code == 0, result.output
        full = [json.loads(line) for line in result.stdout.splitlines()]
        wanted = {self._key(row): row for row in full}
        assert len(wanted) == len(full)
        assert self.rows == wanted, _difference(self.rows, wanted)

    def require_replays(self, invo: Invo, folder: Path) -> None:
        """The last batches, which are kept, can be written again, byte for byte."""
        for number, text in self.batches[-20:]:
            again = folder / f"{self.job}-{number}.again"
            assert invo("export", "batch", "replay", self.job, str(number), "--out", str(again)).exit_code == 0
            assert again.read_bytes() == text

    def _apply(self, row: Row) -> None:
        op, key = row.pop("op"), self._key(row)
        if op == "upsert":
            self.rows[key] = row
        else:
            assert op == "delete"
            self.rows.pop(key, None)  # a hidden record that changes once more is removed once more

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in KEYS[self.data_set])


def _difference(found: dict[Any, Row], wanted: dict[Any, Row]) -> str:
    """The first few rows that differ, by key and field."""
    keys = [key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key)][:3]
    return "; ".join(f"{key}: {found.get(key)} is not {wanted.get(key)}" for key in keys)

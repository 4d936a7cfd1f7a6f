"""Delivering a batch: from the stored bytes into a file, the file before its manifest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from invo_cli.services.export_jobs.settings import Settings
    from invo_cli.services.export_jobs.steps import Key, Start


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the batches of a run go."""

    key: Key
    settings: Settings
    force: bool
    empty: bytes
    """The file when nothing has changed."""

    @property
    def out(self) -> str:
        """The file or folder; - is stdout."""
        return self.settings.out or "-"

    def check(self, start: Start) -> None:
        """Refuse to replace what the job has not written itself, before anything is read."""
        from invo_cli.exports import batch_files, files

        if not batch_files.is_folder(self.out):
            files.require_apart(self.out, self.settings.manifest)
        known = [*start.written, sha256(self.empty).hexdigest()]
        batch_files.require_own(self.out, known, force=self.force)
        if self.settings.manifest:
            batch_files.require_own_manifest(self.settings.manifest, self.key.name, force=self.force)

    def deliver(self, manifest: dict[str, Any]) -> str:
        """Write the stored bytes of a batch and its manifest; return the file."""
        from invo_cli.exports import batch_files

        number = manifest["batch"]
        path = batch_files.target(self.out, self.key.name, number, self._ending())
        blocks = stored(self.key, number)
        proven = batch_files.proven(blocks, manifest["sha256"], f"batch {number} of {self.key.name}")
        batch_files.write(path, proven, force=True)
        self._describe(manifest)
        return path

    def deliver_nothing(self, manifest: dict[str, Any]) -> None:
        """Write a file without rows; a folder that collects batches gets none."""
        from invo_cli.exports import batch_files

        if not batch_files.is_folder(self.out):
            batch_files.write(self.out, [self.empty], force=True)
        if not batch_files.is_folder(self.settings.manifest):
            self._describe(manifest)

    def _describe(self, manifest: dict[str, Any]) -> None:
        from invo_cli.exports import batch_files

        if self.settings.manifest:
            path = batch_files.target(self.settings.manifest, self.key.name, manifest["batch"] or 0, "json")
            batch_files.write_manifest(path, manifest)

    def _ending(self) -> str:
        packed = f".{self.settings.compress}" if self.settings.compress else ""
        return f"{self.settings.format}{packed}"


def stored(key: Key, number: int) -> Iterator[bytes]:
    """The bytes of a batch, from the database that has just stored them and not from a replica."""
    from invo_cli.commands.entering import stream
    from invo_cli.services.export_jobs import batches, jobs

    return stream(
        lambda session: batches.content(session, jobs.get(session, [key.book], key.name), number), patient=True
    )

"""The arrays of a return as already encoded pieces of text, so that a large return costs little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Group:
    """Objects that share an outer object, such as the invoices of one recipient; in flat arrays there is none."""

    opening: str = ""
    """Up to the bracket that the pieces stand in: `{"ctin":"…","inv":[`."""
    closing: str = ""
    pieces: list[str] = field(default_factory=list)
    """Each a complete JSON object that is never torn."""


@dataclass(slots=True)
class Array:
    """One array of the file: that of a section, or a member of a section such as `hsn.hsn_b2b`."""

    groups: dict[str, Group] = field(default_factory=dict)
    """In the order of their first document."""

    def group(self, key: str, opening: str = "", closing: str = "") -> Group:
        """The group of this key, made at first sight."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = Group(opening, closing)
        return found

    def append(self, piece: str) -> None:
        """Add an object to a flat array."""
        self.group("").pieces.append(piece)

    def __bool__(self) -> bool:
        return bool(self.groups)

    def __len__(self) -> int:
        return sum(len(group.pieces) for group in self.groups.values())

    def __iter__(self) -> Iterator[Group]:
        return iter(self.groups.values())


ORDER: tuple[tuple[str, str | None], ...] = (
    ("b2b", None),
    ("b2ba", None),
    ("b2cl", None),
    ("b2cla", None),
    ("b2cs", None),
    ("b2csa", None),
    ("nil", "inv"),
    ("exp", None),
    ("expa", None),
    ("cdnra", None),
    ("at", None),
    ("ata", None),
    ("cdnr", None),
    ("cdnur", None),
    ("cdnura", None),
    ("doc_issue", "doc_det"),
    ("hsn", "data"),
    ("hsn", "hsn_b2b"),
    ("hsn", "hsn_b2c"),
    ("supeco", "clttx"),
    ("supeco", "paytx"),
    ("supecoa", "clttxa"),
    ("supecoa", "paytxa"),
    ("txpd", None),
    ("txpda", None),
)
"""Every array in the order of the file, with the object it stands in; advances adjusted come last."""

IFF = frozenset({"b2b", "b2ba", "cdnr", "cdnra"})
"""What the invoice furnishing facility takes in the first two months of a quarter."""

"""What is wrong with a file for one of the government's portals: where, which value, which rule, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from invo_cli.gst.einvoice import wire

SHOWN = 60
"""Characters of a value that are shown."""


class Severity(StrEnum):
    """Whether the portal would refuse the file, or somebody should look at it."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem at one path, such as `ItemList[2].HsnCd`."""

    path: str
    value: Any
    rule: str
    message: str
    hint: str
    severity: Severity = Severity.REFUSE

    def below(self, prefix: str) -> Problem:
        """The same problem seen from further up."""
        return replace(self, path=joined(prefix, self.path))

    def as_dict(self) -> dict[str, Any]:
        """What scripts see of it."""
        return {
            "path": self.path,
            "value": shown(self.value),
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint,
        }


def joined(prefix: str, path: str) -> str:
    """A path below another: `[0]` and `DocDtls.No` give `[0].DocDtls.No`."""
    return f"{prefix}.{path}" if prefix and path and not path.startswith("[") else prefix + path


def shown(value: Any) -> str | None:
    """A value as text, cut where it is long; None when there is none."""
    if value is None:
        return None
    text = value if isinstance(value, str) else wire.write(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"

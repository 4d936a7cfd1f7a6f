"""Checks of the lines of table 12: HSN code and unit; each combination is judged once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from invo_cli.gst.hsn import is_hsn
from invo_cli.gst.returns.books import Document, Filer
from invo_cli.gst.returns.choice import Section
from invo_cli.gst.returns.document_checks import Problem
from invo_cli.gst.uqc import UQC

_LARGE_TURNOVER = 5_00_00_000_00
"""5 crore rupees in paise."""


@dataclass(slots=True)
class LineChecks:
    """Judges codes for a filer; `descriptions` is the official list, empty when it is not loaded."""

    filer: Filer
    descriptions: Mapping[str, str]
    judged: dict[tuple[str | None, str, bool], tuple[Problem, ...]] = field(default_factory=dict)

    def problems(self, document: Document, section: Section) -> Iterable[Problem]:
        """What is wrong with the lines of a document, each thing once."""
        if section is Section.PAYTX:
            return ()
        is_registered = document.gstin is not None
        problems: dict[Problem, None] = {}
        for line in document.lines:
            key = (line.hsn, line.uqc, is_registered)
            found = self.judged.get(key)
            if found is None:
                found = self.judged[key] = tuple(self._judge(*key))
            if found:
                problems |= dict.fromkeys(found)
        return problems

    def _judge(self, hsn: str | None, uqc: str, is_registered: bool) -> Iterator[Problem]:
        if not hsn:
            yield self._missing(is_registered)
            return
        yield from self._length(hsn)
        if self.descriptions and hsn not in self.descriptions:
            yield (
                "hsn_sc",
                "R1-24",
                f"HSN {hsn} is not in the official list.",
                "Look for the right one: invo hsn search",
            )
        if not hsn.startswith("99") and uqc not in UQC:
            yield "uqc", "R1-25", f"{uqc} is not a unit quantity code.", "Use a code such as NOS, PCS or KGS."

    def _missing(self, is_registered: bool) -> Problem:
        """Up to 5 crore the code may be left out for unregistered buyers (78/2020-Central Tax)."""
        turnover = self.filer.turnover_paise
        is_needed = turnover is not None and (is_registered or turnover > _LARGE_TURNOVER)
        rule = "R1-20" if is_needed else "R1-21"
        return "hsn_sc", rule, "A line has no HSN code.", "Give the item its HSN or SAC code."

    def _length(self, hsn: str) -> Iterator[Problem]:
        turnover = self.filer.turnover_paise
        needed = 6 if turnover is not None and turnover > _LARGE_TURNOVER else 4
        if len(hsn) >= needed and is_hsn(hsn):
            return
        if turnover is None and is_hsn(hsn):
            yield "hsn_sc", "R1-23", f"HSN {hsn} has fewer than 4 digits.", "Give the item a longer code."
        else:
            yield "hsn_sc", "R1-22", f"HSN {hsn} needs at least {needed} digits, at most 8.", "Correct the item's code."

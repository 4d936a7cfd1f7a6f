"""What the portal would say about a return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CHECKS: Mapping[str, tuple[bool, str]] = MappingProxyType(
    {
        "R1-01": (True, "A number has 1 to 16 letters, digits, hyphens and slashes, and is not 0."),
        "R1-02": (True, "A date lies between 1 July 2017 and the last day of the return."),
        "R1-03": (False, "A document of an earlier period is reported late."),
        "R1-04": (True, "A number stands once per recipient, or per section without recipients, in any case."),
        "R1-05": (True, "A rate is in the portal's list."),
        "R1-06": (True, "A place of supply is 01 to 38, 96 or 97."),
        "R1-07": (False, "States 25 and 28 are obsolete."),
        "R1-08": (True, "The GSTIN of a recipient has the right shape and check character, and is another's."),
        "R1-09": (True, "IGST on a supply within the State goes with reverse charge, a deemed export never does."),
        "R1-10": (
            True,
            "A shipping bill has 3 to 7 digits and a date, or is left out; a port code has 1 to 6 characters.",
        ),
        "R1-11": (True, "An invoice value has at most 13 digits before the point, other amounts 11."),
        "R1-12": (True, "The taxable value of a note is above 0 at each rate that it states."),
        "R1-13": (True, "The differential rate is 65 per cent and not of an export."),
        "R1-14": (True, "Taxes are those of the place of supply: IGST, or CGST and SGST in equal parts, never both."),
        "R1-15": (True, "A supply without payment of tax bears none."),
        "R1-16": (
            True,
            "SEZ supplies, deemed exports and IGST at home have the recipient's GSTIN; foreign places have none.",
        ),
        "R1-20": (True, "A supply to a registered recipient has an HSN code."),
        "R1-21": (False, "A line without HSN code is missing in table 12."),
        "R1-22": (True, "An HSN code has 4 to 8 digits, above a turnover of 5 crore at least 6."),
        "R1-23": (False, "An HSN code shorter than 4 digits may be refused."),
        "R1-24": (False, "An HSN code is in the official list, where that is loaded."),
        "R1-25": (True, "A unit of goods is a unit quantity code."),
        "R1-26": (False, "The totals of table 12 agree with the sections."),
        "R1-30": (True, "The operator of table 14 has a right GSTIN, under section 52 one with C as character 14."),
        "R1-31": (True, "Value and taxes of an operator's row have one sign."),
        "R1-40": (True, "An advance and its cess have one sign; an adjusted advance is not negative."),
        "R1-41": (False, "An amended place of advances comes to more than nothing."),
        "R1-50": (True, "An amendment corrects an earlier period."),
        "R1-51": (True, "An amendment is made by the return of the November after its financial year."),
        "R1-52": (False, "A credit note of an older financial year no longer reduces the tax."),
        "R1-53": (False, "A correction that moves a document to another section is reported in two steps."),
        "R1-54": (True, "A reported note cannot be moved to another section."),
        "R1-55": (True, "The place of supply of an amended large B2C invoice stays what it was."),
        "R1-60": (True, "A range of table 13 has numbers of 1 to 16 letters, digits, hyphens and slashes, not all 0."),
        "R1-61": (False, "Table 13 is compulsory from May 2025."),
    }
)
"""Every check by code: whether the portal refuses the file (True) or warns, and what is right. Sources: the rules of
GSTN Returns Offline Tool V3.2.4, CGST Act s.34(2) and s.37(3), 78/2020-Central Tax, GSTN advisories on table 12."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where, by which rule, and what to do."""

    document: str | None
    """Its number; None for totals."""
    section: str
    field: str
    """The key in the file."""
    rule: str
    message: str
    fix: str

    @property
    def hard(self) -> bool:
        """Whether the portal would refuse the file."""
        return CHECKS[self.rule][0]

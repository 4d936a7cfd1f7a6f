"""The made-up business and its customers: firms in several states, a SEZ unit, a buyer abroad, walk-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from invo_cli.gst.gstin import check_character
from invo_cli.gst.states import OVERSEAS

HOME_STATE = "29"


class Group(StrEnum):
    """What kind of customer somebody is, by registration and place."""

    WALK_IN = "walk_in"
    VISITOR = "visitor"
    LOCAL_FIRM = "local_firm"
    DISTANT_FIRM = "distant_firm"
    SEZ_UNIT = "sez_unit"
    OVERSEAS = "overseas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One customer; with a PAN it is registered in its state."""

    group: Group
    name: str
    state: str = HOME_STATE
    pan: str | None = None
    mobile: str | None = None
    email: str | None = None
    line1: str | None = None
    city: str | None = None
    pincode: str | None = None
    country: str | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of a customer."""
        return {
            "name": self.name,
            "state": self.state,
            "gstin": None if self.pan is None else gstin_of(self.state, self.pan),
            "mobile": self.mobile,
            "email": self.email,
            "address_line1": self.line1,
            "city": self.city,
            "pincode": self.pincode,
            "country": self.country,
            "is_sez": self.group is Group.SEZ_UNIT,
        }


def gstin_of(state: str, pan: str) -> str:
    """The GSTIN of the first registration of a PAN in a state, with its check character."""
    first14 = f"{state}{pan}1Z"
    return first14 + check_character(first14)


BUSINESS = {
    "name": "Cauvery Service Centre",
    "gstin": gstin_of(HOME_STATE, "AAHFC4821M"),
    "address_line1": "No. 48, 2nd Main, Gandhi Bazaar",
    "address_line2": "Basavanagudi",
    "city": "Bengaluru",
    "pincode": "560004",
    "mobile": "9000010000",
    "email": "counter@cauvery-service.example",
    "lut": "AD290326004821M",
    "turnover_paise": 3_20_00_000_00,
}
"""Columns of the business."""

FIRMS = (
    Person(
        group=Group.LOCAL_FIRM,
        name="Lakshmi Electronics",
        pan="AAKFL2716Q",
        line1="114 SP Road",
        city="Bengaluru",
        pincode="560002",
        mobile="9000020001",
        email="accounts@lakshmi-electronics.example",
    ),
    Person(
        group=Group.LOCAL_FIRM,
        name="Nandi Infotech Private Limited",
        pan="AAGCN6359K",
        line1="7 Residency Road",
        city="Bengaluru",
        pincode="560025",
        mobile="9000020002",
        email="payables@nandi-infotech.example",
    ),
    Person(
        group=Group.LOCAL_FIRM,
        name="Chamundi Lodge & Restaurant",
        pan="AFWPG4107H",
        line1="22 Sayyaji Rao Road",
        city="Mysuru",
        pincode="570001",
        mobile="9000020003",
    ),
    Person(
        group=Group.LOCAL_FIRM,
        name="Shanthi Nursing Home Trust",
        pan="AABTS8842D",
        line1="9 Lamington Road",
        city="Hubballi",
        pincode="580020",
        mobile="9000020004",
    ),
    Person(
        group=Group.DISTANT_FIRM,
        name="Deccan Appliances",
        state="36",
        pan="AAMFD5190B",
        line1="3-6-291 Himayatnagar",
        city="Hyderabad",
        pincode="500029",
        mobile="9000020005",
        email="stores@deccan-appliances.example",
    ),
    Person(
        group=Group.DISTANT_FIRM,
        name="Marina Computers Private Limited",
        state="33",
        pan="AAHCM7734P",
        line1="61 Ritchie Street",
        city="Chennai",
        pincode="600002",
        mobile="9000020006",
    ),
    Person(
        group=Group.DISTANT_FIRM,
        name="Konkan Cool Point",
        state="27",
        pan="BJXPK3068R",
        line1="Shop 5, Andheri Kurla Road",
        city="Mumbai",
        pincode="400059",
        mobile="9000020007",
    ),
    Person(
        group=Group.DISTANT_FIRM,
        name="Malabar Residency LLP",
        state="32",
        pan="AAZFM1543C",
        line1="MG Road, Ravipuram",
        city="Kochi",
        pincode="682016",
        mobile="9000020008",
    ),
    Person(
        group=Group.SEZ_UNIT,
        name="Whitefield Semiconductor Labs Private Limited",
        pan="AADCW9021F",
        line1="Unit 12, Export Promotion Industrial Park",
        city="Bengaluru",
        pincode="560066",
        mobile="9000020009",
        email="purchase@whitefield-labs.example",
    ),
    Person(
        group=Group.OVERSEAS,
        name="Perera Holdings (Private) Limited",
        state=OVERSEAS,
        line1="40 Galle Face Terrace",
        city="Colombo",
        pincode="00300",
        country="LK",
        email="it@perera-holdings.example",
    ),
    Person(
        group=Group.VISITOR,
        name="सुनीता देशपांडे",
        state="27",
        line1="12 Sadashiv Peth",
        city="Pune",
        pincode="411030",
        mobile="9000020011",
    ),
    Person(
        group=Group.VISITOR,
        name="Harpreet Kaur Sandhu",
        state="03",
        line1="88 Model Town",
        city="Ludhiana",
        pincode="141002",
        mobile="9000020012",
    ),
    Person(
        group=Group.VISITOR,
        name="Sourav Mukherjee",
        state="19",
        line1="31/2 Gariahat Road",
        city="Kolkata",
        pincode="700029",
        mobile="9000020013",
    ),
    Person(group=Group.WALK_IN, name="ರಮೇಶ್ ಗೌಡ", mobile="9000020014"),
)

_GIVEN = (
    *("Aarav", "Asha", "Bhavana", "Chandrika", "Deepak", "Farhan", "Geetha", "Harish", "Imran", "Jyothi"),
    *("Kavya", "Lokesh", "Manjunath", "Meenakshi", "Naveen", "Prakash", "Priya", "Rekha", "Savitha", "Suresh"),
    *("Thomas", "Umesh", "Vidya", "Yusuf"),
)
_FAMILY = (
    *("Acharya", "Bhat", "D'Souza", "Gowda", "Hegde", "Iyer", "Joshi", "Kamath", "Khan", "Kulkarni"),
    *("Murthy", "Naik", "Patil", "Pinto", "Rao", "Reddy", "Shetty", "Siddiqui", "Swamy", "Thomas"),
)


def everybody(chance: Random, documents: int) -> tuple[Person, ...]:
    """The customers behind so many documents: the firms, and more people at the counter the more documents."""
    return (*FIRMS, *_walk_ins(chance, min(8 + documents // 8, 400)))


def _walk_ins(chance: Random, count: int) -> Iterator[Person]:
    """Different people, each with a mobile number out of a block that is plainly made up."""
    names = [f"{given} {family}" for given in _GIVEN for family in _FAMILY if given != family]
    numbers = chance.sample(range(900_003_0000, 900_009_9999), count)
    for name, number in zip(chance.sample(names, count), numbers, strict=True):
        yield Person(group=Group.WALK_IN, name=name, mobile=str(number))

"""The official list of HSN and SAC codes, the same for every business: loaded, searched, asked for unknown codes.

The list is optional. Where none is loaded nothing is known, and nothing is doubted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.hsn import check_hsn
from invo_cli.models import Base
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act

AT_ONCE = 500
"""Codes asked for in one statement."""
LEVELS = (2, 4, 6)
"""Digits of the chapter, heading and sub-heading above a code."""

_TABLE = Base.metadata.tables["hsn_codes"]
_CODES = _TABLE.c
_FIRST = select(func.min(_CODES.code)).scalar_subquery()
# The first code of the list comes along whenever there is a list: one statement tells both.
_KNOWN = select(_CODES.code).where(or_(_CODES.code.in_(bindparam("codes", expanding=True)), _CODES.code == _FIRST))


@demands(Right.HSN_WRITE)
def load(session: Session, codes: Mapping[str, str], *, act: Act, source: str, sha256: str) -> dict[str, int]:
    """Add and update codes by their descriptions; how many were new, changed and unchanged. Nothing is removed."""
    books.take(session, books.SYSTEM)
    known = {row.code: row.description for row in session.execute(select(_CODES.code, _CODES.description))}
    new = [{"code": code, "description": text} for code, text in codes.items() if code not in known]
    changed = [{"at": code, "text": text} for code, text in codes.items() if known.get(code, text) != text]
    if new:
        session.execute(insert(_TABLE), new)
    if changed:
        rewrite = update(_TABLE).where(_CODES.code == bindparam("at")).values(description=bindparam("text"))
        session.connection().execute(rewrite, changed)
    counts = {"new": len(new), "changed": len(changed), "unchanged": len(codes) - len(new) - len(changed)}
    if new or changed:
        event = audit.Event(action="hsn.import", subject="hsn:list", after={"file": source, "sha256": sha256, **counts})
        audit.append(session, books.SYSTEM, act, [event])
    return counts


def descriptions(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The official description of each of the codes that has one, exactly as it was published."""
    found: dict[str, str] = {}
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), AT_ONCE):
        query = select(_CODES.code, _CODES.description).where(_CODES.code.in_(wanted[start : start + AT_ONCE]))
        found |= {row.code: row.description for row in session.execute(query) if row.description}
    return found


def every_description(session: Session) -> dict[str, str]:
    """The official description of every code; empty where no list is loaded."""
    return dict(session.execute(select(_CODES.code, _CODES.description)).all())


def unknown(session: Session, codes: Collection[str | None]) -> frozenset[str]:
    """Those of the codes that the list does not have; none where no list is loaded.

    What was asked in a session is asked once: an import of many documents pays for each code one time.
    """
    answers: dict[str, bool] | None = session.info.setdefault("hsn_codes", {})
    wanted = {code for code in codes if code}
    if answers is None or not wanted:
        return frozenset()
    if asked := sorted(wanted - answers.keys()):
        known = set(session.scalars(_KNOWN, {"codes": asked}))
        if not known:
            session.info["hsn_codes"] = None
            return frozenset()
        answers.update((code, code in known) for code in asked)
    return frozenset(code for code in wanted if not answers[code])


@demands(Right.HSN_READ)
def doubts(session: Session, code: str | None) -> list[str]:
    """A sentence when the list does not have the code."""
    return [f"The official list has no code {each}; see: invo hsn search" for each in unknown(session, [code])]


@demands(Right.HSN_READ)
def get(session: Session, code: str) -> dict[str, Any]:
    """A code with its description and what lies above it: chapter, heading, sub-heading.

    Raises InvalidError for what is no code, NotFoundError with the nearest code above for one that is not in the list.
    """
    wanted = check_hsn(code)
    above = [wanted[:digits] for digits in LEVELS if digits < len(wanted)]
    found = dict(
        session.execute(select(_CODES.code, _CODES.description).where(_CODES.code.in_([*above, wanted]))).all()
    )
    parents = [{"code": each, "description": found[each]} for each in above if each in found]
    if wanted not in found:
        _require_list(session)
        near = f"See: invo hsn show {parents[-1]['code']}" if parents else "See: invo hsn search WORDS"
        raise NotFoundError(f"The official list has no code {wanted}.", hint=near)
    return {"code": wanted, "description": found[wanted], "parents": parents}


@demands(Right.HSN_READ)
def search(session: Session, words: Sequence[str], *, limit: int | None) -> list[dict[str, str]]:
    """Codes that begin with the digits given, then those with all words, then those with some, the shortest first.

    A word is found where a word of the description begins with it, in any case; elsewhere it counts for less.
    Raises InvalidError without a word, NotFoundError where no list is loaded.
    """
    _require_list(session)
    wanted = list(dict.fromkeys(word.casefold() for text in words for word in text.split()))
    if not wanted:
        raise InvalidError("There is nothing to search for.", hint="Give words, or how the code begins.")
    lowered = func.lower(_CODES.description)
    matches = [
        _CODES.code.startswith(word) if _is_digits(word) else lowered.contains(word, autoescape=True) for word in wanted
    ]
    rows = session.execute(select(_CODES.code, _CODES.description).where(or_(*matches))).all()
    patterns = [(word, re.compile(rf"(?<!\w){re.escape(word)}")) for word in wanted]
    ranked = sorted(rows, key=lambda row: _rank(row.code, row.description.casefold(), patterns))
    return [{"code": row.code, "description": row.description} for row in ranked[:limit]]


def _rank(code: str, description: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> tuple[Any, ...]:
    begins = sum(_is_digits(word) and code.startswith(word) for word, _ in patterns)
    whole = begins + sum(bool(pattern.search(description)) for _, pattern in patterns)
    inside = sum(word in description for word, _ in patterns)
    return -begins, -whole, -inside, len(description), code


def _is_digits(word: str) -> bool:
    return re.fullmatch("[0-9]+", word) is not None


def _require_list(session: Session) -> None:
    if session.scalar(select(_CODES.code).limit(1)) is None:
        raise NotFoundError(
            "No list of HSN and SAC codes is loaded.",
            hint="Download HSN_SAC.xlsx from the GST portal and load it with: invo hsn import HSN_SAC.xlsx",
        )

"""Manifests: what describes an exported file, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def as_text(manifest: Mapping[str, Any]) -> str:
    """The manifest as it is written; money as text with two decimals."""
    return json.dumps(manifest, ensure_ascii=False, indent=2, default=str) + "\n"

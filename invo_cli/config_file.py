"""The settings file: one value changed, comments and order kept, never half written."""

from __future__ import annotations

import os
from pathlib import Path

from invo_cli.settings import config_path


def set_value(key: str, value: str) -> Path:
    """Set one top-level key of config.toml and return the path."""
    import tomlkit

    path = config_path()
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    document[key] = value
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(tomlkit.dumps(document))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return path

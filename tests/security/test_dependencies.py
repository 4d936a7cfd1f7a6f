"""What is installed is what is locked, fits together, and may be passed on; all of it without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files, metadata, version

import pytest

from tests.test_project import locked

pytestmark = pytest.mark.unit

FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General)\b", re.I
)
"""Licences under which a package may be used by, and installed beside, a program under the MIT licence."""


def installed(name: str) -> str | None:
    """The version that is there; None for a package of another system or Python."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_installed_as_it_is_locked(file: str) -> None:
    pins = dict(requirement.split("==") for requirement in locked(file))
    found = {name: there for name in pins if (there := installed(name)) is not None}
    assert len(found) > len(pins) * 0.8
    assert found == {name: pins[name] for name in found}


def test_the_packages_fit_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def text_of_licence(name: str) -> str:
    """The licence that came with a package whose metadata name none."""
    return " ".join(file.read_text()[:200] for file in files(name) or () if file.name.startswith("LICEN"))


def test_every_package_of_the_product_has_a_free_licence() -> None:
    names = [requirement.partition("==")[0] for requirement in locked("requirements.txt")]
    for name in filter(installed, names):
        known = metadata(name)
        words = [word for key in ("License-Expression", "License", "Classifier") for word in known.get_all(key, [])]
        licence = " ".join(word for word in words if not word.startswith(("Programming", "Operating", "Topic")))
        licence = licence.strip() or text_of_licence(name)
        assert FREE.search(licence), (name, licence[:200])

"""What the pages say about the commands, the settings and the exit codes is what the program does."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from invo_cli.cli import NOUNS
from invo_cli.errors import InvoError, StoppedError
from invo_cli.hoisting import FORMATS
from invo_cli.settings import Settings
from tests.docs import reference
from tests.docs.tables import codes, rows, text
from tests.docs.tree import Entry, commands

ENTRIES = list(commands())
PAGES = ["README.md", "CHANGELOG.md", *sorted(f"docs/{page.name}" for page in (reference.TOP / "docs").glob("*.md"))]
pytestmark = pytest.mark.contract


def refusals(kind: type[InvoError] = InvoError) -> set[tuple[int, str]]:
    """The exit status and name of every class of refusal that has a code of its own."""
    if kind is StoppedError:  # its status is that of the signal
        return set()
    own = {(kind.exit_status, kind.code)} if kind.__module__ == "invo_cli.errors" else set()
    return own.union(*(refusals(below) for below in kind.__subclasses__()))


def variables(name: str) -> set[str]:
    """The environment variables of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return {str(choice) for choice in getattr(alias, "choices", None) or [f"INVO_{name.upper()}"]}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_command_has_a_summary_of_one_sentence(entry: Entry) -> None:
    assert re.fullmatch(r"[A-Z](?:[^.!?]|[.](?=[a-z*]))*[.]", entry.summary), entry.summary


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_command_has_two_to_four_examples_that_name_it(entry: Entry) -> None:
    assert 2 <= len(entry.examples) <= 4
    words = entry.path.removeprefix("invo ")
    assert any(words in example for example in entry.examples)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_summary_of_a_noun_is_the_docstring_of_its_module(noun: str) -> None:
    module = import_module(f"invo_cli.commands.{NOUNS[noun].module}")
    assert (module.__doc__ or "").split("\n\n")[0].strip() == NOUNS[noun].summary


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_command_stands_in_the_readme_or_a_page_of_the_manual(entry: Entry) -> None:
    words = entry.path.removeprefix("invo ")
    told = " ".join(word for page in PAGES if page != "docs/commands.md" for word in text(page).split())
    assert re.search(rf"invo (--business PUNE )?{words}\b", told), f"tell about {entry.path} in the manual"


def test_every_noun_stands_in_the_table_of_the_readme() -> None:
    assert sorted(code for row in rows("README.md", "Commands") for code in codes(row[1])) == sorted(NOUNS)


def test_the_reference_is_current() -> None:
    assert text("docs/commands.md") == reference.rendered(), "run: make docs"


def test_the_reference_knows_nothing_of_this_machine() -> None:
    assert str(Path.home()) not in text("docs/commands.md")
    assert str(reference.TOP) not in text("docs/commands.md")


def test_no_command_offers_to_install_something() -> None:
    assert "--install-completion" not in text("docs/commands.md")


def test_every_option_says_what_it_takes() -> None:
    silent = [
        f"{entry.path} {option.opts[-1]}"
        for entry in ENTRIES
        for option in entry.command.params
        if option.param_type_name == "option" and not (option.help or option.metavar or option.secondary_opts)
    ]
    assert silent == []


def test_the_settings_of_the_readme_are_those_of_the_program() -> None:
    named = [code for row in rows("README.md", "Settings") for code in codes(row[0])]
    expected = set().union(*(variables(name) for name in Settings.model_fields if name != "protected"))
    assert sorted(named) == sorted(expected | {"INVO_HOME", "INVO_NOW"})


def test_the_settings_for_scripts_are_explained() -> None:
    named = {code for row in rows("docs/scripting.md", "Environment") for code in codes(row[0])}
    assert named >= {code for row in rows("README.md", "Settings") for code in codes(row[0])} - {
        "INVO_REPLICA_URL",
        "INVO_TOKEN",
        "INVO_LOG",
    }


def test_the_exit_codes_are_those_of_the_errors() -> None:
    table = rows("docs/scripting.md", "Exit codes")
    told = {(code, name) for code, name, _ in table if code != "0"}
    assert told == {(str(status), name) for status, name in refusals()} | {("129, 130, 143", StoppedError.code)}


def test_the_manual_helps_with_every_exit_code() -> None:
    told = {int(row[0]) for row in rows("docs/manual.md", "When something is refused")}
    assert told == {status for status, _ in refusals()}


def test_every_output_format_is_explained() -> None:
    assert [code for row in rows("docs/scripting.md", "Output") for code in codes(row[0])] == list(FORMATS)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(page)):
        assert ((reference.TOP / page).parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_a_page_leads_to_a_heading(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]*)\)", text(page)):
        where = str(((reference.TOP / page).parent / target).relative_to(reference.TOP)) if target else page
        headings = re.findall(r"^#+ (.+)$", text(where), re.MULTILINE)
        slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in slugs, f"{page}: {anchor}"

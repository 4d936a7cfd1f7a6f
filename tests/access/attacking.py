"""What the attacks need: people who signed in, their secrets, and a way past the program into the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL
from typer.testing import Result

from tests.conftest import Invo
from tests.db import schema_facts as facts

PASSWORD = "correct horse"
SECRET = "invo_{}_" + "A" * 43
Attack = Callable[["Target"], Any]


@dataclass(frozen=True)
class Target:
    """An attacked database: somebody is an admin in it, and whoever attacks may be signed in."""

    invo: Invo
    home: Path
    url: URL

    def run(self, *words: str, given: str = PASSWORD) -> Result:
        """Run a command as whoever is signed in; what it asks for is given."""
        return self.invo(*words, input=given)

    def must(self, *words: str, given: str = PASSWORD) -> Result:
        """Run a command that works."""
        done = self.run(*words, given=given)
        assert done.exit_code == 0, done.stderr
        return done

    def login(self, name: str, password: str = PASSWORD) -> int:
        """Sign in; the exit status."""
        return self.run("auth", "login", name, "--password-stdin", given=password).exit_code

    def user(self, name: str, role: str, *more: str) -> None:
        """Add a person."""
        self.must("user", "create", name, "--role", role, "--password-stdin", *more)

    def token(self, name: str, role: str, *more: str) -> str:
        """The secret of a new token."""
        return str(
            json.loads(self.must("token", "create", "--name", name, "--role", role, *more, "-o", "json").stdout)[
                "token"
            ]
        )

    @property
    def file(self) -> Path:
        """The file of the sign-in."""
        (found,) = (self.home / "sign-ins").iterdir()
        return found

    def secret(self) -> str:
        """The secret of the sign-in."""
        return self.file.read_text(encoding="ascii")

    def who(self) -> str:
        """Who is signed in, and with which role; the exit status when nobody is."""
        done = self.run("auth", "whoami", "-o", "json")
        return str(done.exit_code) if done.exit_code else "{user} {role}".format(**json.loads(done.stdout))

    def tamper(self, *statements: str) -> None:
        """Change the database past the program, as who owns it can."""
        with facts.connect(self.url, writes=True) as connection, connection.begin():
            is_sqlite = connection.dialect.name == "sqlite"
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_events'"
            if is_sqlite:
                for name in connection.execute(text(query)).scalars().all():
                    connection.execute(text(f'DROP TRIGGER "{name}"'))
            else:
                connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement))

    def rows(self, *tables: str) -> dict[str, Any]:
        """What some tables hold."""
        found = facts.rows(self.url)
        return {table: found[table] for table in tables}

"""Who may do what: the rights of each role, the principal behind a session, and the guard of every service."""

from invo_cli.services.access.guarding import demands
from invo_cli.services.access.principals import OWNER, Principal, attach, principal_of
from invo_cli.services.access.rights import MATRIX, Right

__all__ = ["MATRIX", "OWNER", "Principal", "Right", "attach", "demands", "principal_of"]

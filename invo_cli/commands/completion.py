"""Print the completion script of a shell."""

from __future__ import annotations

from typing import Annotated

import typer
from typer._completion_shared import get_completion_script

from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError

app = typer.Typer(add_completion=False, rich_markup_mode="rich")
SHELLS = ("bash", "zsh", "fish")


@app.command(
    epilog=examples(
        'eval "$(invo completion bash)"  # in ~/.bashrc',
        'eval "$(invo completion zsh)"  # in ~/.zshrc, after compinit',
        "invo completion fish > ~/.config/fish/completions/invo.fish",
    )
)
def completion(shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]) -> None:
    """Print the completion script of a shell."""
    if shell not in SHELLS:
        raise InvalidError(f"There is no completion for {shell}.", hint=f"Shells: {', '.join(SHELLS)}.")
    typer.echo(get_completion_script(prog_name="invo", complete_var="_INVO_COMPLETE", shell=shell))

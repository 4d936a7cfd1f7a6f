"""Settings of one run: flag, then environment, then profile, then config.toml, then default."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from invo_cli.errors import InvalidError, NotFoundError, UsageProblemError
from invo_cli.options import GlobalOptions, current

Output = Literal["auto", "table", "plain", "json", "jsonl", "csv", "tsv", "name"]
SECRETS = frozenset({"token"})
MAX_CONFIG_BYTES = 1024 * 1024
"""A settings file is at most 1 MiB."""


class Settings(BaseSettings):
    """Everything that can be set from outside a command."""

    model_config = SettingsConfigDict(
        env_prefix="INVO_", env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    database_url: str = Field("", validation_alias=AliasChoices("INVO_DATABASE_URL", "DATABASE_URL", "DB_URL"))
    replica_url: str | None = None
    max_lag: int = Field(60, ge=0)
    """Seconds by which the replica may be behind."""
    profile: str | None = None
    business: str | None = None
    output: Output = "auto"
    no_input: bool = False
    yes: bool = False
    token: str | None = None
    actor: str | None = None
    log: Literal["text", "json"] = "text"
    debug: bool = False
    bcrypt_rounds: int = Field(12, ge=4, le=17, validation_alias=AliasChoices("BCRYPT_ROUNDS"))
    smtp_host: str | None = None
    smtp_port: int | None = Field(None, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password_file: str | None = None
    smtp_from: str | None = None
    nic_key: str | None = None
    protected: bool = False

    @classmethod
    def settings_customise_sources(  # type: ignore[override] # noqa: D102 - pydantic-settings calls it
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        **_: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `load` merges every source itself, because it must also say where each value came from.
        return (init_settings,)


def home() -> Path:
    """INVO_HOME, or the user's data folder on this system."""
    chosen = os.environ.get("INVO_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("invo", appauthor=False)


def config_path() -> Path:
    """The settings file; it need not exist."""
    return home() / "config.toml"


@cache
def get_settings() -> Settings:
    """The settings of this run; the door of the program clears the cache at the start of each run."""
    return load(current.get())[0]


def load(options: GlobalOptions) -> tuple[Settings, dict[str, str]]:
    """Merge every source; also return where each value came from, for `invo config list --origin`."""
    layers = _layers(options)
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    for origin, layer in layers:
        values |= layer
        origins |= dict.fromkeys(layer, origin)
    if not values.get("database_url"):
        values["database_url"] = f"sqlite:///{quote(str(home() / 'invo.db'))}"
    return _validated(values), origins


def _layers(options: GlobalOptions) -> list[tuple[str, dict[str, Any]]]:
    """The sources from the weakest to the strongest."""
    config = _read_config()
    profiles = _profiles(config)
    flags = _flags(options)
    environment = _environment()
    name = str(flags.get("profile") or environment.get("profile") or config.get("profile") or "")
    if name and name not in profiles:
        raise NotFoundError(
            f"No profile {name}.", hint=f"Profiles of {config_path()}: {', '.join(profiles) or 'none yet'}."
        )
    return [
        ("config.toml", config),
        (f"profile {name}", profiles.get(name, {})),
        ("environment", environment),
        ("flag", flags),
    ]


def _profiles(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = config.pop("profiles", {})
    if isinstance(found, dict) and all(isinstance(profile, dict) for profile in found.values()):
        return found
    raise InvalidError(f"The profiles of {config_path()} are not tables.", hint="Write [profiles.NAME] above each.")


def _flags(options: GlobalOptions) -> dict[str, Any]:
    given: dict[str, Any] = {"output": options.output, "business": options.business, "profile": options.profile}
    given["max_lag"] = options.max_lag
    switches = {"no_input": options.no_input, "yes": options.yes, "debug": options.debug}
    return {key: value for key, value in (given | switches).items() if value is not None and value is not False}


def _environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names = (
            [str(choice) for choice in alias.choices] if isinstance(alias, AliasChoices) else [f"INVO_{name.upper()}"]
        )
        value = next((os.environ[key] for key in names if os.environ.get(key)), None)
        if value is not None and name != "protected":
            found[name] = value
    return found


def _read_config() -> dict[str, Any]:
    path = config_path()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CONFIG_BYTES + 1)
        if len(content) > MAX_CONFIG_BYTES:
            raise InvalidError(f"{path} is larger than 1 MiB.", hint="Correct or remove the file.")
        return tomllib.loads(content.decode())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path and its rights."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(f"{path} is not valid TOML: {error}.", hint="Correct or remove the file.") from error


def _validated(values: dict[str, Any]) -> Settings:
    try:
        settings = Settings(**{_input_name(key): value for key, value in values.items()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidError(
            f"Setting {name}: {first['msg']}.",
            hint=f"Correct it in the environment, on the command line or in {config_path()}.",
        ) from error
    if settings.protected and os.environ.get("INVO_NOW"):
        raise UsageProblemError("INVO_NOW is refused on a protected profile.", hint="Unset INVO_NOW.")
    return settings


def _input_name(name: str) -> str:
    field = Settings.model_fields.get(name)
    alias = field.validation_alias if field else None
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else name

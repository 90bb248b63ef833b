"""Settings: one frozen object, read once from the environment and a TOML file, then passed, never imported.

Order, later wins: defaults, ``forefend.toml`` (in the data folder, or where ``FOREFEND_CONFIG`` points),
environment variables ``FOREFEND_<NAME>``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from forefend.errors import SettingsError

MARKINGS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
SECOND_FACTOR = ("required", "offered")
ENGINES = "duckdb, spark or spark://HOST:PORT"
ENGINE = re.compile(r"duckdb|spark|spark://[A-Za-z0-9.\-\[\]:]+:\d{1,5}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation is told from outside.

    ``data_dir`` holds the store. ``our_state`` is the ISO 3166 alpha-3 code of the state that uses this
    installation, empty until it is set. ``marking`` is the TLP 2.0 label of what the installation itself
    adds. ``engine`` counts event-size data: duckdb, spark, or the address of a Spark master.

    ``database`` is empty for the SQLite file in the data folder, else ``postgresql://USER@HOST/NAME``.
    ``address`` and ``port`` are where the workbench listens: this machine alone unless told otherwise;
    ``hosts`` are the names under which others reach it, parted by commas, ``public_url`` how links in mail begin.
    ``smtp`` is ``smtp://USER@HOST:PORT`` or ``smtps://…``; without it mail is written to the folder ``outbox``.
    ``scanner`` is a command that gets the path of each file that comes in and ends with 0 when it is clean.
    ``oidc_server`` and ``oidc_client`` name a single sign-on service. Passwords and secrets are read from the
    environment alone (``FOREFEND_SECRET_KEY``, ``FOREFEND_DATABASE_PASSWORD``, ``FOREFEND_SMTP_PASSWORD``,
    ``FOREFEND_OIDC_SECRET``) where they are not in a settings file that only its owner may read.
    ``second_factor``: ``required`` of everybody who signs in, or ``offered``.
    """

    data_dir: Path
    our_state: str = ""
    organisation: str = ""
    language: str = "en"
    marking: str = "AMBER"
    port: int = 8471
    secret_key: str = ""
    embedded: bool = True
    engine: str = "duckdb"
    database: str = ""
    database_password: str = ""
    address: str = "127.0.0.1"
    hosts: str = ""
    public_url: str = ""
    smtp: str = ""
    smtp_password: str = ""
    mail_from: str = ""
    scanner: str = ""
    oidc_server: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    oidc_name: str = ""
    second_factor: str = "required"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings in force; raises SettingsError with the name of what cannot be followed."""
    environ = os.environ if environ is None else environ
    data_dir = _folder(environ.get("FOREFEND_DATA_DIR") or str(user_data_path("forefend")))
    named = environ.get("FOREFEND_CONFIG", "")
    given = _from_file(Path(named) if named else data_dir / "forefend.toml", is_required=bool(named))
    known = {field.name: field for field in fields(Settings)}
    for name in known:
        if (value := environ.get(f"FOREFEND_{name.upper()}")) is not None:
            given[name] = value
    given.setdefault("data_dir", data_dir)
    return Settings(**{name: _convert(name, value, str(known[name].type)) for name, value in given.items()})


def _from_file(path: Path, *, is_required: bool) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if is_required:
            raise SettingsError(f"The settings file {path} does not exist. Correct FOREFEND_CONFIG.") from None
        return {}
    except OSError as error:
        where = "FOREFEND_CONFIG" if is_required else "FOREFEND_DATA_DIR"
        raise SettingsError(f"The settings file {path} could not be read: {error.strerror}. Correct it, or what {where} names.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}. Correct that line.") from None
    unknown = values.keys() - {field.name for field in fields(Settings)}
    if unknown:
        raise SettingsError(f"The settings file {path} has unknown settings: {', '.join(sorted(unknown))}. Remove them.")
    return values


def _convert(name: str, value: Any, kind: str) -> Any:
    if kind == "bool":
        return _as_bool(name, value)
    if kind == "int":
        return _as_number(name, value)
    if not isinstance(value, str | Path):
        raise SettingsError(f"Setting {name} is {value!r}. Give a text in quotation marks.")
    if kind == "Path":
        return _folder(str(value))
    if name == "marking" and value not in MARKINGS:
        raise SettingsError(f"Setting marking is {value!r}. Give one of {', '.join(MARKINGS)}.")
    if name == "second_factor" and value not in SECOND_FACTOR:
        raise SettingsError(f"Setting second_factor is {value!r}. Give required or offered.")
    return check_engine(str(value)) if name == "engine" else str(value)


def check_engine(name: str) -> str:
    """Return the name of an engine that could be opened; raises SettingsError with the ones there are."""
    if not ENGINE.fullmatch(name):
        raise SettingsError(f"There is no engine {name!r}. Give {ENGINES}.")
    return name


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"Setting data_dir is {text!r}, in the home folder of a user who is not known. Give the whole path.") from None


def _as_number(name: str, value: Any) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not (is_whole or (isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value))):
        raise SettingsError(f"Setting {name} is {value!r}. Give a whole number.")
    return int(value)


def _as_bool(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    try:
        return words[str(value).lower()]
    except KeyError:
        raise SettingsError(f"Setting {name} is {value!r}. Give true or false.") from None

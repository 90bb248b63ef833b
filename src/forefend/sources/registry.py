"""Finds sources: every folder beside this file with a ``source.yaml``, and those of outside packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import yaml
from pydantic import ValidationError

from forefend.errors import SourceError
from forefend.sources.contract import Download, Files, Metadata, Parsed

if TYPE_CHECKING:
    from forefend.store.asking import Asking  # the network's library is loaded only when something is fetched

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # dozens of files, read on every call of the command line


@dataclass(frozen=True, kw_only=True)
class Source:
    """A registered source: what ``source.yaml`` says, and the folder with its code and sample."""

    metadata: Metadata
    folder: Path
    module_name: str

    @property
    def module(self) -> ModuleType:
        """The connector's code, imported when first needed."""
        return import_module(self.module_name)

    @property
    def read(self) -> Callable[[Files], Parsed]:
        """The connector's reader."""
        reader: Callable[[Files], Parsed] = self.module.read
        return reader

    def reader(self, engine: str) -> Callable[[Files], Parsed]:
        """The connector's reader, told the engine where it counts events with one."""
        given: Callable[..., Parsed] = self.read
        return partial(given, engine=engine) if "engine" in signature(given).parameters else given

    @property
    def collect(self) -> Callable[[Asking], list[Path]] | None:
        """The connector's own way of asking the publisher, where fixed addresses are not enough."""
        found: Callable[[Asking], list[Path]] | None = getattr(self.module, "collect", None)
        return found if self.metadata.is_download else None

    def samples(self) -> dict[str, Path]:
        """Return the sample in the source's folder as a reader takes it: ``sample.*``, or all of ``sample/`` under their names."""
        inside = sorted(path for path in (self.folder / "sample").glob("*") if path.is_file())
        return {path.name: path for path in inside or sorted(self.folder.glob("sample*.*"))}

    def downloads(self) -> list[Download]:
        """Return what to fetch, from the publisher's own addresses; nothing where it is not published as a download."""
        if not self.metadata.is_download:
            return []
        if hasattr(self.module, "addresses"):
            found: list[Download] = self.module.addresses(self.metadata)
            return found
        return [Download(name=self.metadata.address.rsplit("/", 1)[-1], address=self.metadata.address)]


@cache
def sources() -> dict[str, Source]:
    """Return every source by id, in order of id."""
    here = Path(__file__).parent
    folders = [(path.parent, f"forefend.sources.{path.parent.name}.source") for path in here.glob("*/source.yaml")]
    for entry in entry_points(group="forefend.sources"):
        outside = Path(str(import_module(entry.module).__file__)).parent
        folders.append((outside, f"{entry.module}.source"))
    found = [_describe(folder, module_name) for folder, module_name in folders]
    return {source.metadata.id: source for source in sorted(found, key=lambda s: s.metadata.id)}


def find_source(name: str) -> Source:
    """Return one source by id; raises SourceError naming the ones there are."""
    try:
        return sources()[name]
    except KeyError:
        raise SourceError(f"There is no source {name!r}. Known sources: {', '.join(sources())}.") from None


def _describe(folder: Path, module_name: str) -> Source:
    path = folder / "source.yaml"
    try:
        metadata = Metadata.model_validate(yaml.load(path.read_text(encoding="utf-8"), LOADER))  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise SourceError(f"{path} does not describe a source: {' '.join(str(error).split())}. Correct it.") from None
    return Source(metadata=metadata, folder=folder, module_name=module_name)

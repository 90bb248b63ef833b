"""Finding sources: those of the project by folder, those of outside packages by their entry point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forefend.errors import SourceError
from forefend.sources.contract import Download
from forefend.sources.registry import Source, find_source, sources


@pytest.fixture
def looked_at_afresh() -> Iterator[None]:
    sources.cache_clear()
    yield
    sources.cache_clear()


@pytest.mark.usefixtures("looked_at_afresh", "tiny")
def test_outside_package_brings_its_source() -> None:
    assert list(sources()) == sorted(sources())
    found = find_source("tiny")
    assert found.metadata.publisher == "Publisher"
    assert found.downloads() == [Download(name="tiny.csv", address="https://example.org/tiny.csv")]
    assert found.samples() == {}


@pytest.mark.usefixtures("looked_at_afresh", "tiny")
@pytest.mark.parametrize("text", ["id: [", "id: tiny\n", "- a list\n"])
def test_description_that_is_none_is_named(outside: Path, text: str) -> None:
    (outside / "tiny_connector" / "source.yaml").write_text(text)
    with pytest.raises(SourceError, match=r"tiny_connector/source\.yaml does not describe a source"):
        sources()


def test_connector_may_name_several_addresses(tiny: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [Download(name="a.csv", address="https://example.org/a"), Download(name="b.csv", address="https://example.org/b")]
    monkeypatch.setattr(tiny.module, "addresses", lambda metadata: wanted, raising=False)
    assert tiny.downloads() == wanted

"""What connectors fetch with: pages kept, forms sent, keys found and never shown."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from forefend.errors import SourceUnavailable
from forefend.store.asking import FRESH_SECONDS, Asking
from forefend.store.fetch import Connection, Request, shown

QUICK = Connection(attempts=2, wait_seconds=0, timeout_seconds=5)


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    return Asking(source="tiny", folder=tmp_path / "incoming", connection=QUICK, environ={"TINY_TOKEN": "s3cret"})


@pytest.mark.loopback
def test_a_form_is_sent_and_the_answer_is_not_kept(asking: Asking, publisher: Any) -> None:
    publisher.json("/token", {"access_token": "abc"})
    answer = asking.answer(f"{publisher.root}/token", request=Request(method="POST", form={"user": "a b", "grant": "password"}))
    assert answer == {"access_token": "abc"}
    assert publisher.asked == [("POST", "/token", b"user=a+b&grant=password")]
    assert not asking.folder.exists()


@pytest.mark.loopback
def test_a_page_got_before_is_not_asked_for_again(asking: Asking, publisher: Any) -> None:
    publisher.json("/page", [1, 2])
    first = asking.file(f"{publisher.root}/page?n=1", name="page-1.json", request=Request(headers={"Authorization": "Bearer abc"}))
    assert first.read_text() == "[1, 2]"
    assert publisher.requests[0]["Authorization"] == "Bearer abc"
    assert asking.file(f"{publisher.root}/page?n=1", name="page-1.json") == first
    assert len(publisher.asked) == 1
    old = time.time() - FRESH_SECONDS - 1
    os.utime(first, (old, old))
    asking.file(f"{publisher.root}/page?n=1", name="page-1.json")
    assert len(publisher.asked) == 2


@pytest.mark.loopback
def test_an_answer_that_is_not_json_is_refused(asking: Asking, publisher: Any) -> None:
    publisher.file(b"never mind")
    with pytest.raises(SourceUnavailable, match="did not answer with JSON"):
        asking.answer(publisher.address)


@pytest.mark.loopback
def test_a_key_in_an_address_is_not_in_the_refusal(asking: Asking, publisher: Any) -> None:
    publisher.status(403)
    with pytest.raises(SourceUnavailable) as refusal:
        asking.file(f"{publisher.root}/data?country=SDN&token=s3cret&page=1", name="x.json")
    assert "s3cret" not in str(refusal.value)
    assert "token=…&page=1" in str(refusal.value)


def test_a_secret_comes_from_the_environment_or_is_asked_for_by_name(asking: Asking) -> None:
    assert asking.secret("TINY_TOKEN") == "s3cret"
    with pytest.raises(SourceUnavailable, match="TINY_PASSWORD"):
        asking.secret("TINY_PASSWORD")


@pytest.mark.parametrize("name", ["key", "api_key", "apikey", "token", "access_token", "password", "email"])
def test_keys_in_a_query_are_hidden(name: str) -> None:
    assert shown(f"https://example.org/a?{name}=abc&b=1") == f"https://example.org/a?{name}=…&b=1"

"""The chain of the audit log: whatever is altered, removed, cut off or re-ordered is found and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forefend.errors import AuditError
from forefend.web.audit import chain
from forefend.web.audit.actions import record, remove_before
from forefend.web.audit.models import Entry, Head, Seal
from forefend.web.project.triggers import _only_appended

EACH = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], database=None
)
COLUMNS = (
    "at",
    "actor",
    "actor_name",
    "event",
    "subject",
    "marking",
    "before",
    "after",
    "reason",
    "clock_behind_seconds",
    "previous",
    "digest",
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)


class Undone(Exception):
    """Ends an example, so that its changes are undone."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo what an example changed."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


def let_in_a_forger() -> None:
    """Take away what keeps the database from changing rows, as somebody with its password could."""
    for table, condition in (("audit_entry", "EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.upto >= OLD.number)"), ("audit_seal", "")):
        with connection.cursor() as cursor:
            for statement in _only_appended(table, delete_when=condition)[connection.vendor][1]:
                cursor.execute(statement)


def write(n: int, *, texts: list[str] | None = None) -> None:
    """Write rows, each with something before and after."""
    for place in range(n):
        said = (texts or ["row"])[place % len(texts or ["row"])]
        record(
            "thing.changed", subject=f"thing:{place}", by="command line", before={"value": place, "text": said}, after={"value": place + 1},
            reason=said,
        )  # fmt: skip


def other(column: str, value: object) -> object:
    """Return a value of a column that differs from the one it has."""
    if column == "at":
        assert isinstance(value, datetime)
        return value + timedelta(microseconds=1)
    if column == "clock_behind_seconds":
        return 1.0
    if column in {"before", "after"}:
        return {"value": "forged"}
    if column == "marking":
        return "RED"
    if column in {"previous", "digest"}:
        return hashlib.sha256(str(value).encode()).hexdigest()
    return f"{value}x"


@EACH
@given(n=st.integers(1, 7), at=st.integers(0, 6), column=st.sampled_from(COLUMNS), texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_an_altered_field_is_found_and_its_row_named(n: int, at: int, column: str, texts: list[str]) -> None:
    with undone():
        write(n, texts=texts)
        number = at % n + 1
        let_in_a_forger()
        entry = Entry.objects.get(pk=number)
        Entry.objects.filter(pk=number).update(**{column: other(column, getattr(entry, column))})
        verdict = chain.verify()
        assert not verdict.is_whole
        assert verdict.first_broken == number


@EACH
@given(n=st.integers(2, 7), at=st.integers(0, 6))
def test_a_row_forged_with_its_own_hash_breaks_the_next(n: int, at: int) -> None:
    with undone():
        write(n)
        number = at % n + 1
        let_in_a_forger()
        entry = Entry.objects.get(pk=number)
        entry.reason = "forged"
        Entry.objects.filter(pk=number).update(reason="forged", digest=chain.digest_of(entry))
        verdict = chain.verify()
        assert not verdict.is_whole
        assert verdict.first_broken == number + 1


@EACH
@given(n=st.integers(2, 7), at=st.integers(0, 6), many=st.integers(1, 3))
def test_removed_rows_are_found(n: int, at: int, many: int) -> None:
    with undone():
        write(n)
        first = at % n + 1
        let_in_a_forger()
        Entry.objects.filter(number__gte=first, number__lt=first + many).delete()
        verdict = chain.verify()
        assert not verdict.is_whole
        assert verdict.first_broken == first
        assert verdict.sentence == (chain.CUT if first + many > n else chain.GAP)


@EACH
@given(n=st.integers(2, 7), one=st.integers(0, 6), two=st.integers(0, 6))
def test_rows_that_changed_places_are_found(n: int, one: int, two: int) -> None:
    first, second = sorted((one % n + 1, two % n + 1))
    with undone():
        write(n)
        let_in_a_forger()
        for source, target in ((first, 1000), (second, first), (1000, second)):
            Entry.objects.filter(pk=source).update(number=target)
        verdict = chain.verify()
        assert verdict.is_whole == (first == second)
        if first != second:
            assert verdict.first_broken == first


@EACH
@given(n=st.integers(0, 9), texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_what_was_only_added_is_whole(n: int, texts: list[str]) -> None:
    with undone():
        write(n, texts=texts)
        verdict = chain.verify()
        assert verdict.is_whole
        assert (verdict.n_rows, verdict.first_broken) == (n, 0)


@EACH
@given(n=st.integers(2, 8), upto=st.integers(1, 8), more=st.integers(0, 3))
def test_rows_removed_after_an_export_leave_the_rest_provable(n: int, upto: int, more: int) -> None:
    upto = min(upto, n)
    with undone():
        write(n)
        lines = list(chain.export_rows(upto=upto))
        file = exported(upto)
        assert remove_before(upto=upto, file=file, by="command line") == upto
        write(more)
        verdict = chain.verify()
        assert verdict.is_whole
        assert Entry.objects.order_by("number").first().number == upto + 1  # type: ignore[union-attr]
        seal = Seal.objects.get()
        assert (seal.digest, seal.file_sha256) == (lines[-1]["digest"], hashlib.sha256(file).hexdigest())
        # The file proves itself by the same rule, and joins the rest at the seal.
        previous = ""
        for row in map(json.loads, file.decode().splitlines()):
            entry = Entry(**row | {"at": datetime.fromisoformat(row["at"])})
            assert (entry.previous, chain.digest_of(entry)) == (previous, entry.digest)
            previous = entry.digest
        assert previous == seal.digest


def exported(upto: int) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chain.export_rows(upto=upto)).encode()


@pytest.mark.parametrize("spoil", [
    lambda file: file.replace(b"thing:1", b"thing:9"), lambda file: file.partition(b"\n")[2], lambda file: b"", lambda file: file + file,
    lambda file: file.replace(b"row", b"raw"),
])  # fmt: skip
def test_rows_go_only_when_the_file_holds_them(spoil: object) -> None:
    write(4)
    assert callable(spoil)
    with pytest.raises(AuditError, match="Nothing was removed"):
        remove_before(upto=3, file=spoil(exported(3)), by="command line")
    assert Entry.objects.count() == 4
    assert not Seal.objects.exists()


def test_a_forged_row_after_a_removal_is_named() -> None:
    write(6)
    remove_before(upto=3, file=exported(3), by="command line")
    let_in_a_forger()
    Entry.objects.filter(pk=5).update(reason="forged")
    assert chain.verify().first_broken == 5


def test_a_row_removed_behind_the_seal_is_named() -> None:
    write(6)
    remove_before(upto=3, file=exported(3), by="command line")
    let_in_a_forger()
    Entry.objects.filter(pk=4).delete()
    assert chain.verify().first_broken == 4


def test_a_forged_seal_is_found() -> None:
    write(6)
    remove_before(upto=3, file=exported(3), by="command line")
    let_in_a_forger()
    Seal.objects.update(digest="0" * 64)
    assert chain.verify().first_broken == 4


@pytest.mark.parametrize("change", ["update", "delete", "delete all", "seal", "unseal"])
def test_the_database_refuses_to_change_what_is_recorded(change: str) -> None:
    write(3)
    remove_before(upto=1, file=exported(1), by="command line")
    deed = {
        "update": lambda: Entry.objects.filter(pk=2).update(reason="forged"),
        "delete": lambda: Entry.objects.filter(pk=2).delete(),
        "delete all": lambda: Entry.objects.all().delete(),
        "seal": lambda: Seal.objects.update(upto=3),
        "unseal": lambda: Seal.objects.all().delete(),
    }[change]
    with pytest.raises(IntegrityError), transaction.atomic():
        deed()
    assert chain.verify().is_whole


def test_a_row_is_only_written_within_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(AuditError, match="own transaction"):
        record("thing.changed", subject="thing:1", by="command line")


def test_a_clock_that_is_moved_back_puts_no_row_before_another() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock:
        write(1)
        clock.move_to(noon - timedelta(days=2, hours=1))
        write(2)
        clock.move_to(noon + timedelta(minutes=1))
        write(1)
    rows = list(Entry.objects.order_by("number"))
    assert [row.at for row in rows] == [noon, noon, noon, noon + timedelta(minutes=1)]
    assert [row.clock_behind_seconds for row in rows] == [0.0, 176_400.0, 176_400.0, 0.0]
    assert chain.verify().is_whole


def test_a_head_that_was_set_back_with_the_rows_is_still_only_as_long_as_the_rows() -> None:
    write(3)
    let_in_a_forger()
    Head.objects.update(number=2)
    verdict = chain.verify()
    assert not verdict.is_whole


def test_a_day_is_the_border_of_a_removal() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False) as clock:
        write(2)
        clock.move_to(midnight)
        write(2)
    assert chain.last_before(midnight.date()) == 2
    assert chain.last_before(midnight.date() - timedelta(days=1)) is None
    assert chain.last_before(midnight.date() + timedelta(days=1)) == 4

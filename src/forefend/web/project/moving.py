"""Moves the workbench's database to another one, and proves that nothing was lost on the way.

Every row of every table is read in one snapshot and written in one transaction, then read again from the new database and
compared by count and digest; the chain of the audit log is proved there too. The new database is kept only when all of it
holds; the old one is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Model
from django.db.utils import DEFAULT_DB_ALIAS

from forefend.errors import StoreError
from forefend.web.project.opening import first_line

BATCH = 1_000
# What migrating itself writes into an empty database.
OF_MIGRATING = {"django_content_type", "auth_permission", "audit_head"}


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One table as it was read and as it stands in the new database; ``digest`` is over all of its rows."""

    table: str
    n_rows: int
    digest: str


@contextmanager
def database_as(alias: str, described: dict[str, Any]) -> Iterator[None]:
    """Know another database under a name for a while."""
    whole = connections.configure_settings({DEFAULT_DB_ALIAS: connections.settings[DEFAULT_DB_ALIAS], alias: described})
    connections.settings[alias] = whole[alias]
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def move(*, source: str, target: str, verify: Callable[[], Any], tell: Callable[[str, int], None] = lambda *_: None) -> tuple[Moved, ...]:
    """Copy all rows from one known database to another; returns what was moved, table by table.

    ``verify`` proves the audit log of the new database and returns its verdict; ``tell`` is told of each table. Raises
    StoreError when the new database is not empty, the old one is not of this version, or anything differs afterwards.
    """
    refuse_unlike(source)
    refuse_filled(target)
    with looking_at(target):
        call_command("migrate", database=target, interactive=False, verbosity=0, stdout=StringIO())
    models = every_model()
    with snapshot(source), transaction.atomic(using=target), looking_at(target):
        _clear(models, target)
        read = tuple(_copy(model, source=source, target=target, tell=tell) for model in models)
        _copy_sequences(models, source=source, target=target)
        written = tuple(_digest_of(model, target) for model in models)
        _compare(read, written)
        verdict = verify()
        if not verdict.is_whole:
            raise StoreError("The record of changes is not whole in the new database. Nothing was kept there; run forefend verify first.")
    return tuple(row for row in read if row.n_rows)


def every_model() -> list[type[Model]]:
    """Return every table of the workbench, also those between two others, and the list of migrations."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return [*found, MigrationRecorder.Migration]


def refuse_unlike(source: str) -> None:
    """Raise StoreError unless the tables are those of this version, all of them."""
    connection = connections[source]
    try:
        call_command("migrate", database=source, check_unapplied=True, interactive=False, verbosity=0, stdout=StringIO())
    except SystemExit:
        raise StoreError("The database is of an older version. Run forefend start once, which brings it to this one.") from None
    known = {model._meta.db_table for model in every_model()}
    unknown = sorted(set(connection.introspection.table_names()) - known)
    if unknown:
        raise StoreError(f"The database holds tables that are not the workbench's: {', '.join(unknown)}. Move those by other means first.")


def refuse_filled(target: str) -> None:
    """Raise StoreError unless the database is empty, or holds only what an earlier try left: tables without rows."""
    connection = connections[target]
    by_table = {model._meta.db_table: model for model in every_model()}
    try:
        tables = connection.introspection.table_names()
        unknown = sorted(set(tables) - set(by_table))
        filled = [name for name in tables if name in by_table and _is_filled(by_table[name], target)]
    except DatabaseError as error:
        raise StoreError(f"The new database cannot be opened: {first_line(error)}. Check the address and who may enter.") from None
    if unknown or filled:
        named = (unknown + sorted(filled))[0]
        raise StoreError(f"The new database is not empty: it holds the table {named}. Give the address of an empty one.")


@contextmanager
def snapshot(source: str) -> Iterator[None]:
    """Read everything as it stood at one moment. SQLite lets nobody write meanwhile, PostgreSQL shows this reader one moment."""
    connection = connections[source]
    with transaction.atomic(using=source):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def looking_at(alias: str) -> Iterator[None]:
    """Have every query that names no database ask this one."""
    from django.db import router

    class Only:
        def db_for_read(self, model: type[Model], **hints: Any) -> str:
            del model, hints
            return alias

        db_for_write = db_for_read

    before = router.routers
    router.routers = [Only()]
    try:
        yield
    finally:
        router.routers = before


def digest_of_row(values: Sequence[Any]) -> bytes:
    """Return the hash of a row, the same whichever database it comes from."""
    return hashlib.sha256(json.dumps([_plain(value) for value in values], sort_keys=True, ensure_ascii=False).encode()).digest()


def remove_file(path: Path) -> None:
    """Remove an SQLite database that was not filled to the end, with the files beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _is_filled(model: type[Model], alias: str) -> bool:
    table = model._meta.db_table
    if table in OF_MIGRATING or model is MigrationRecorder.Migration:
        return table == "audit_head" and model._base_manager.using(alias).filter(number__gt=0).exists()
    return model._base_manager.using(alias).exists()


def _clear(models: Sequence[type[Model]], target: str) -> None:
    """Remove what migrating wrote: the same rows come from the old database."""
    with connections[target].cursor() as cursor:
        for model in models:
            if model._meta.db_table in {*OF_MIGRATING, MigrationRecorder.Migration._meta.db_table}:
                cursor.execute(f"DELETE FROM {connections[target].ops.quote_name(model._meta.db_table)}")


def _copy(model: type[Model], *, source: str, target: str, tell: Callable[[str, int], None]) -> Moved:
    fields = model._meta.local_concrete_fields
    digests: list[bytes] = []
    batch: list[Model] = []
    size = max(1, min(BATCH, connections[target].ops.bulk_batch_size(fields, [None] * BATCH)))
    for row in model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH):
        digests.append(digest_of_row([getattr(row, field.attname) for field in fields]))
        batch.append(row)
        if len(batch) == size:
            _insert(model, fields, batch, target)
            batch = []
    _insert(model, fields, batch, target)
    tell(model._meta.db_table, len(digests))
    return _moved(model, digests)


def _insert(model: type[Model], fields: Any, rows: list[Model], target: str) -> None:
    """Write rows as they are: raw, so that no field thinks it is being made now."""
    if rows:
        model._base_manager.using(target)._insert(rows, fields=fields, using=target, raw=True)


def _digest_of(model: type[Model], alias: str) -> Moved:
    fields = model._meta.local_concrete_fields
    rows = model._base_manager.using(alias).order_by("pk").iterator(chunk_size=BATCH)
    return _moved(model, [digest_of_row([getattr(row, field.attname) for field in fields]) for row in rows])


def _moved(model: type[Model], digests: list[bytes]) -> Moved:
    """Sum up a table; rows are put in order by their hashes, as databases order texts differently."""
    return Moved(table=model._meta.db_table, n_rows=len(digests), digest=hashlib.sha256(b"".join(sorted(digests))).hexdigest())


def _compare(read: Sequence[Moved], written: Sequence[Moved]) -> None:
    for one, other in zip(read, written, strict=True):
        if one != other:
            raise StoreError(
                f"Table {one.table} differs in the new database: {one.n_rows} rows were read, {other.n_rows} stand there, or what they "
                "say is not the same. Nothing was kept there; the old database is as it was."
            )


def _copy_sequences(models: Sequence[type[Model]], *, source: str, target: str) -> None:
    """Let numbers go on where they stopped, also past rows that were removed: no number is given twice."""
    with connections[target].cursor() as cursor:
        for statement in connections[target].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    for model in models:
        key = model._meta.pk
        if key.get_internal_type() not in {"AutoField", "BigAutoField"}:
            continue
        last = max(_last_given(source, model), model._base_manager.using(target).aggregate(last=Max("pk"))["last"] or 0)
        if last:
            _set_last_given(target, model, last)


def _last_given(alias: str, model: type[Model]) -> int:
    connection, table = connections[alias], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            return (cursor.fetchone() or [0])[0]
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), model._meta.pk.column])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
        return cursor.fetchone()[0]


def _set_last_given(alias: str, model: type[Model], last: int) -> None:
    connection, table = connections[alias], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            return
        named = [connection.ops.quote_name(table), model._meta.pk.column, last]
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", named)


def _plain(value: Any) -> Any:
    """Return a value in one form: moments in UTC, whole numbers without a point, bytes in hexadecimal digits."""
    for kinds, form in FORMS:
        if isinstance(value, kinds):
            return form(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _number(value: float) -> int | str:
    return int(value) if math.isfinite(value) and value.is_integer() else repr(value)


FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (datetime, lambda value: value.astimezone(UTC).isoformat(timespec="microseconds")),
    ((date, time), lambda value: value.isoformat()),
    (dict, lambda value: {str(key): _plain(item) for key, item in value.items()}),
    ((list, tuple), lambda value: [_plain(item) for item in value]),
    (float, _number),
    ((bytes, memoryview), lambda value: bytes(value).hex()),
)

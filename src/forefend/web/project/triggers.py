"""What a column constraint cannot say and the database shall refuse all the same: appended rows stay, stages move by the table.

Written once for SQLite and once for PostgreSQL, and used by migrations. SQLite changes a table by making it anew, and drops
its triggers with the old one: a migration that alters a table declares them ``again``. ``DECLARED`` is what must be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Pairs = Sequence[tuple[str, str]]
DECLARED: set[str] = set()


def only_appended(table: str, *, delete_when: str = "") -> Any:
    """Return a migration step that refuses to change a table's rows, and to remove them unless a condition on OLD holds."""
    DECLARED.add(f"{table}_stays")
    return _step(_only_appended(table, delete_when=delete_when))


def moves_only(table: str, *, column: str, pairs: Pairs, again: bool = False) -> Any:
    """Return a migration step that refuses every change of a column but those from the first to the second of a pair."""
    DECLARED.add(f"{table}_{column}_moves")
    return _step(_moves_only(table, column=column, pairs=pairs), again=again)


def _only_appended(table: str, *, delete_when: str) -> dict[str, tuple[list[str], list[str]]]:
    unless = f"WHEN NOT ({delete_when})" if delete_when else ""
    change, removal = f"{table}_stays", f"{table}_is_kept"
    sqlite = [
        f"CREATE TRIGGER {change} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is only appended to'); END",
        f"CREATE TRIGGER {removal} BEFORE DELETE ON {table} {unless} BEGIN SELECT RAISE(ABORT, '{table} is only appended to'); END",
    ]
    guard = f"IF TG_OP = 'DELETE' AND ({delete_when}) THEN RETURN OLD; END IF;" if delete_when else ""
    postgresql = [
        f"CREATE FUNCTION {change}() RETURNS trigger AS $$ BEGIN {guard} RAISE EXCEPTION '{table} is only appended to' "
        "USING ERRCODE = 'integrity_constraint_violation'; END; $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {change}()",
    ]
    return {
        "sqlite": (sqlite, [f"DROP TRIGGER {change}", f"DROP TRIGGER {removal}"]),
        "postgresql": (postgresql, [f"DROP TRIGGER {change} ON {table}", f"DROP FUNCTION {change}()"]),
    }


def _moves_only(table: str, *, column: str, pairs: Pairs) -> dict[str, tuple[list[str], list[str]]]:
    name = f"{table}_{column}_moves"
    allowed = " OR ".join(f"(OLD.{column} = '{source}' AND NEW.{column} = '{target}')" for source, target in pairs)
    said = f"{table}.{column} cannot go that way"
    differs = f"OLD.{column} <> NEW.{column} AND NOT ({allowed})"
    sqlite = [f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} WHEN {differs} BEGIN SELECT RAISE(ABORT, '{said}'); END"]
    postgresql = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {differs} THEN RAISE EXCEPTION '{said}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END; $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
    return {
        "sqlite": (sqlite, [f"DROP TRIGGER {name}"]),
        "postgresql": (postgresql, [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]),
    }


def _step(statements: dict[str, tuple[list[str], list[str]]], *, again: bool = False) -> Any:
    from django.db.migrations import RunPython

    def forwards(apps: Any, editor: Any) -> None:
        made, undone = statements[editor.connection.vendor]
        before = [text.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS") for text in undone if text.startswith("DROP TRIGGER")]
        for statement in [*(before if again else ()), *made]:
            editor.execute(statement, params=None)

    def backwards(apps: Any, editor: Any) -> None:
        for statement in () if again else statements[editor.connection.vendor][1]:
            editor.execute(statement, params=None)

    return RunPython(forwards, backwards)

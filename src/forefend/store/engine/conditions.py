"""The condition of a query as an Ibis expression, equal in every row to the one Polars answers."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from forefend.store.query import Query, Wanted
from forefend.store.tables import SUBJECT

if TYPE_CHECKING:
    import ibis.expr.types as ir


def condition(query: Query, rows: ir.Table, *, is_younger: bool = False) -> ir.BooleanValue:
    """Return what a query asks of the rows of its table, for ``rows.filter``.

    A missing value fulfils nothing, as in SQL. ``is_younger`` says that the snapshot came out after the day of
    ``as_of``, which then also leaves out facts that had not begun. The snapshot itself is the file that is read.
    """
    terms = [_equals(rows[SUBJECT[query.table]], query.subject)]
    terms += [_equals(rows[column], wanted) for column, wanted in query.where]
    if query.start is not None:
        terms.append(rows["start"] >= query.start)
    if query.end is not None:
        terms.append(rows["end"] <= query.end)
    if query.as_of is not None and query.table != "facts":
        terms.append(rows["end"] <= query.as_of)
    elif query.as_of is not None and is_younger:
        terms.append(rows["start"].isnull() | (rows["start"] <= query.as_of))
    return reduce(and_, terms)


def _equals(column: ir.Value, wanted: Wanted) -> ir.BooleanValue:
    return column == wanted if isinstance(wanted, str) else column.isin(list(wanted))

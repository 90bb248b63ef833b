"""When the next release is expected: every source's cadence is one the calendar knows."""

from __future__ import annotations

from datetime import date

import pytest

from forefend.sources.calendar import interval_of, next_expected
from forefend.sources.registry import sources


def test_every_cadence_is_understood() -> None:
    for source in sources().values():
        try:
            interval_of(source.metadata.cadence)
        except KeyError:
            pytest.fail(f"{source.metadata.id}: begin cadence {source.metadata.cadence!r} with one of sources/calendar.py")


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        ("yearly, in June", date(2027, 6, 10)),
        ("Monthly, about the 20th", date(2026, 7, 10)),
        ("every two years", date(2028, 6, 10)),
        ("ended; the final edition is of 2026", None),
        ("irregular", None),
    ],
)
def test_the_next_release_is_expected_one_interval_later(cadence: str, expected: date | None) -> None:
    assert next_expected(cadence, published=date(2026, 6, 10)) == expected


def test_words_nobody_defined_are_refused() -> None:
    with pytest.raises(KeyError):
        interval_of("now and then")

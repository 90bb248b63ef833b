"""Every connector against 25 broken copies of its sample: a good import or one sentence, never anything else."""

from __future__ import annotations

import pytest

from forefend.errors import SourceError
from forefend.sources.registry import Source, sources

from .mutations import mutants
from .trying import lenient, outcome, taken_in

COUNT = 25
SEED = 20261124
ALL = [pytest.param(source, id=name) for name, source in sources().items()]


@pytest.mark.parametrize("source", ALL)
def test_a_broken_file_ends_in_a_good_import_or_one_sentence(source: Source) -> None:
    files = {name: path.read_bytes() for name, path in source.samples().items()}
    asked = lenient(source)
    whole = taken_in(asked, files)
    found = [outcome(asked, mutant, whole=whole) for mutant in mutants(files, count=COUNT, seed=SEED)]
    assert [wrong for wrong in found if wrong] == []


def test_the_mutations_really_break_files() -> None:
    """Most mutants of a strict connector are refused; if they were not, the test above would prove nothing."""
    source = sources()["worldbank_wgi"]
    files = {name: path.read_bytes() for name, path in source.samples().items()}
    refused = 0
    for mutant in mutants(files, count=COUNT, seed=SEED):
        try:
            taken_in(lenient(source), mutant.files)
        except SourceError:
            refused += 1
    assert refused >= COUNT // 2

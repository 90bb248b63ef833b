"""Break every connector's sample in many ways; each copy must end in a good import or one clear sentence.

    python bench/mutations.py [COUNT] [SOURCE ...]    1,000 copies of every source unless told otherwise

The suite of tests does the same with 25 copies of each. Exit status 1 when anything else came out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from forefend.sources.registry import Source, find_source, sources
from robustness.mutations import mutants
from robustness.trying import ending, lenient, taken_in

COUNT = 1000
SEED = 20261125


def main() -> None:
    """Try every source, or those named, and print a line for each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    chosen = [find_source(name) for name in sys.argv[2:]] or list(sources().values())
    print(f"{'source':<28}{'good':>6}{'refused':>9}{'wrong':>7}{'seconds':>9}")
    findings = 0
    for source in chosen:
        findings += tried(source, count=count)
    print(f"\n{len(chosen)} sources, {count} broken copies of each: {findings} ended in neither a good import nor one sentence")
    sys.exit(bool(findings))


def tried(source: Source, *, count: int) -> int:
    """Try one source and print how its broken copies ended; return how many ended wrong."""
    began = time.perf_counter()
    files = {name: path.read_bytes() for name, path in source.samples().items()}
    asked = lenient(source)
    whole = taken_in(asked, files)
    ends = [ending(asked, mutant, whole=whole) for mutant in mutants(files, count=count, seed=SEED)]
    wrong = [end.wrong for end in ends if end.wrong]
    refused = sum(end.is_refused and not end.wrong for end in ends)
    good = len(ends) - refused - len(wrong)
    print(f"{source.metadata.id:<28}{good:>6}{refused:>9}{len(wrong):>7}{time.perf_counter() - began:>9.1f}", flush=True)
    for said in wrong:
        print(f"    {said}", flush=True)
    return len(wrong)


if __name__ == "__main__":
    main()

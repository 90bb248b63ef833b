"""``python -m forefend.locale.compile``: make the ``.mo`` file of every language from its ``.po`` file."""

from __future__ import annotations

import sys
from pathlib import Path

from forefend.errors import ForefendError
from forefend.locale.translations import FOLDER, codes, compile_po, po_path


def compile_all(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Compile every language of the folder and return the files written; each is replaced whole or not at all."""
    written = []
    for code in codes(folder):
        source = po_path(code, folder=folder)
        target, part = source.with_suffix(".mo"), source.with_suffix(".mo.part")
        part.write_bytes(compile_po(source.read_bytes(), code=code))
        part.replace(target)
        written.append(target)
    return tuple(written)


if __name__ == "__main__":
    try:
        compile_all()
    except (ForefendError, OSError) as refusal:
        sys.stderr.write(f"forefend: {refusal}\n")
        sys.exit(1)

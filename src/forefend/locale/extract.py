"""Finds the texts of page templates: ``{% t "text %(name)s" name=value %}``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

TAG = re.compile(r"""\{%-?\s*t\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", flags=re.DOTALL)
COMMENTED = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", flags=re.DOTALL)

Found = tuple[int, str, str, list[str]]


def extract_template(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield line, function, text and comments of each text in a template, as Babel asks of an extractor."""
    source = COMMENTED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), fileobj.read().decode("utf-8"))
    for match in TAG.finditer(source):
        literal = match.group(1) if match.group(1) is not None else match.group(2)
        text = re.sub(r"\\(.)", r"\1", literal, flags=re.DOTALL)
        if text:
            yield source.count("\n", 0, match.start()) + 1, "gettext", text, []

"""Finds the texts of page templates: ``{% t "text %(name)s" name=value %}`` and ``{% nt "%(n)s day" "%(n)s days" days %}``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

LITERAL = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
TAG = re.compile(rf"\{{%-?\s*(?:t\s+({LITERAL})|nt\s+({LITERAL})\s+({LITERAL}))", flags=re.DOTALL)
COMMENTED = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", flags=re.DOTALL)

Found = tuple[int, str, str | tuple[str, ...], list[str]]


def extract_template(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield line, function, text and comments of each text in a template, as Babel asks of an extractor."""
    source = COMMENTED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), fileobj.read().decode("utf-8"))
    for match in TAG.finditer(source):
        one, *forms = (re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL) for literal in match.groups() if literal)
        if one:
            line = source.count("\n", 0, match.start()) + 1
            yield (line, "ngettext", (one, *forms), []) if forms else (line, "gettext", one, [])

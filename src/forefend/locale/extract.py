"""Finds texts where Babel does not look: page templates, the sentences of formulas, the regions of the world.

In templates these are ``{% t "text %(name)s" name=value %}`` and ``{% nt "%(n)s day" "%(n)s days" days %}``.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python

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


def extract_module(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Any]:
    """Yield what Babel finds in a module, and the sentence of each ``@formula``, which pages show beside a number."""
    source = fileobj.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, {})
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", ()):
            match decorator:
                case ast.Call(func=ast.Name(id="formula"), args=[ast.Constant(value=str() as sentence)]):
                    yield decorator.lineno, "gettext", sentence, []


def extract_regions(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the regions that states are grouped by, each once."""
    lines = [line for line in fileobj.read().decode("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    for name in sorted({row[column] for row in rows for column in ("region", "subregion")} - {""}):
        yield 1, "gettext", name, []

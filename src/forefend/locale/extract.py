"""Babel extractor for templates: ``{% t "text %(name)s" name=value %}``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

TAG = re.compile(r"""\{%\s*t\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
Message = tuple[int, str, str, list[str]]


def extract_template(stream: IO[bytes], keywords: Collection[str], tags: Collection[str], options: Mapping[str, str]) -> Iterator[Message]:
    """Yield every text of a template with its line; the signature is Babel's."""
    del keywords, tags, options
    text = stream.read().decode("utf-8")
    for found in TAG.finditer(text):
        message = found.group(1)[1:-1].replace('\\"', '"').replace("\\'", "'")
        yield text.count("\n", 0, found.start()) + 1, "gettext", message, []

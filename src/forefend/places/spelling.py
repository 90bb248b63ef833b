"""What two spellings of a name have in common: case, accents, quotes, punctuation, small words and order do not count."""

from __future__ import annotations

import re
import unicodedata

# Words that carry no meaning of their own in the names of states, in English, French, Spanish and Portuguese.
_SMALL = frozenset(["the", "of", "and", "et", "y", "e", "de", "du", "des", "del", "d", "l", "la", "le", "les", "el", "los", "las"])
# How publishers shorten words.
_LONG = {
    "st": "saint",
    "ste": "saint",
    "sainte": "saint",
    "rep": "republic",
    "dem": "democratic",
    "dr": "democratic republic",
    "pdr": "peoples democratic republic",
    "sts": "states",
    "is": "islands",
    "isds": "islands",
    "utd": "united",
    "usa": "united states america",
    "eq": "equatorial",
}
_QUOTES = re.compile(r"['’‘`´ʼʻ′]")
_ELISION = re.compile(r"\b[dl]['’‘`´ʼ](?=\w)", re.IGNORECASE)
_NOT_A_WORD = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"\b\w(?: \w)+\b")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None, "ٱ": "ا"})


def normal(text: str) -> str:
    """Reduce a name to its words: no case, accents, quotes, punctuation or small words, abbreviations written out."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_ARABIC)
    plain = _NOT_A_WORD.sub(" ", _QUOTES.sub("", _ELISION.sub(" ", plain))).strip()
    plain = _LETTERS.sub(lambda letters: letters[0].replace(" ", ""), plain)
    return " ".join(_LONG.get(word, word) for word in plain.split() if word not in _SMALL)


def key(text: str) -> str:
    """Return what spellings of one name share in any order of the words, as in ``Korea, Republic of``."""
    return " ".join(sorted(normal(text).split()))

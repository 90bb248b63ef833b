"""The TLP 2.0 marking of what the workbench shows."""

from __future__ import annotations

from dataclasses import dataclass

from forefend.brief.document import is_open
from forefend.locale import Language
from forefend.settings import MARKINGS, Settings
from forefend.store import Store


@dataclass(frozen=True, kw_only=True)
class Marking:
    """A label and the sentence that says who may read."""

    label: str
    sentence: str

    @property
    def colour(self) -> str:
        """Modifier of the label's class; CLEAR has none."""
        return self.label.partition("+")[0].lower()


def marking_of(store: Store, settings: Settings, lang: Language) -> Marking:
    """CLEAR only while all that is stored is open; otherwise what the installation says, never CLEAR."""
    if all(is_open(snapshot) for snapshot in store.snapshots):
        return Marking(label="CLEAR", sentence=lang.gettext("public data only; nothing has been entered"))
    label = settings.marking if settings.marking != "CLEAR" else "GREEN"
    return Marking(label=label, sentence=_reader(label, lang))


def narrowest(of_data: Marking, entered: str, lang: Language) -> Marking:
    """Return the narrower of two markings; ``entered`` is empty on pages of data alone."""
    if not entered or MARKINGS.index(entered) <= MARKINGS.index(of_data.label):
        return of_data
    return Marking(label=entered, sentence=_reader(entered, lang))


def sentence_of(label: str, lang: Language) -> str:
    """Say who may read what is marked so."""
    return lang.gettext("everybody, once it is published") if label == "CLEAR" else _reader(label, lang)


def _reader(label: str, lang: Language) -> str:
    return {
        "GREEN": lang.gettext("the community, not the public"),
        "AMBER": lang.gettext("this organisation and its clients, on a need-to-know basis"),
        "AMBER+STRICT": lang.gettext("this organisation only"),
        "RED": lang.gettext("named readers only"),
    }[label]

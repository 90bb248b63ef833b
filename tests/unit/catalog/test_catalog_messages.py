"""Every text of the catalog that a person reads reaches the translators, with the id of its entry."""

from __future__ import annotations

import io

from forefend.catalog import load_catalog
from forefend.catalog.load import DATA
from forefend.catalog.messages import extract_catalog
from forefend.catalog.model import KINDS


def extracted() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(DATA.rglob("*.yaml")):
        for line, function, text, comments in extract_catalog(io.BytesIO(path.read_bytes()), (), (), {}):
            assert line > 0
            assert function == "gettext"
            found.setdefault(text, []).extend(comments)
    return found


def test_texts_of_every_kind_are_extracted() -> None:
    catalog = load_catalog()
    found = extracted()
    wanted = [
        *(a.title for a in catalog.actions.values()),
        *(a.purpose for a in catalog.actions.values()),
        *(q.text for q in catalog.questions.values()),
        *(level for q in catalog.questions.values() for level in q.levels.values()),
        *(answer for q in catalog.questions.values() for answer in q.answers.values()),
        *(measure for q in catalog.questions.values() for measure in q.possible_measures),
        *(f.title for f in catalog.risk_factors.values()),
        *(i.text for i in catalog.indicators.values()),
        *(o.name for o in catalog.options.values()),
        *(caution for o in catalog.options.values() for caution in o.risks_and_cautions),
        *(o.evidence.note for o in catalog.options.values()),
        *(w.name for w in catalog.windows.values()),
        *(t.definition for t in catalog.terms.values()),
        *(b.title for b in catalog.bodies.values()),
        *(c.title for c in catalog.conditions.values()),
        *(lever.title for lever in catalog.leverage_types.values()),
        *(d.title for d in catalog.data_indicators.values()),
        *(r.reason for r in catalog.prefill_rules.values()),
        *catalog.maturity_scale.values(),
        *catalog.core_treaties,
    ]
    assert [text for text in wanted if text not in found] == []


def test_a_comment_names_id_and_field() -> None:
    catalog = load_catalog()
    found = extracted()
    assert "N1 title" in found[catalog.actions["N1"].title]
    assert "N1.1 levels 2" in found[catalog.questions["N1.1"].levels[2]]
    assert "RF8.3 text" in found[catalog.indicators["RF8.3"].text]
    assert "leverage_types aid" in found[catalog.leverage_types["aid"].title]
    assert "upr.session name" in found[catalog.windows["upr.session"].name]


def test_no_id_is_sent_to_the_translators() -> None:
    catalog = load_catalog()
    ids = {identifier for kind in KINDS for identifier in catalog.of_kind(kind) if "." in identifier or "_" in identifier}
    assert ids & extracted().keys() == set()


def test_an_empty_file_has_no_texts() -> None:
    assert list(extract_catalog(io.BytesIO(b""), (), (), {})) == []

"""Write docs/reference from the code: sources, formulas, series, standing checks, commands. Run by ``make docs``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from forefend.catalog import load_catalog
from forefend.sources.registry import sources
from forefend.store.formulas import FORMULAS

OUT = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "Written by `make docs`; edit the source, not this page.\n"


def sources_page() -> str:
    """One section a source, from its ``source.yaml``."""
    parts = ["# Sources\n", MADE]
    for source in sources().values():
        m = source.metadata
        parts.append(
            f"## {m.id}\n\n{m.title}. {m.publisher}.\n\n"
            f"| | |\n|---|---|\n| Address | <{m.address}> |\n| Format | {m.format} ({m.format_basis}) |\n| Licence | {m.licence} |\n"
            f"| May be shipped | {'yes' if m.may_ship else 'no'}: {m.may_ship_reason} |\n| Grade | {m.grade}: {m.grade_reason} |\n"
            f"| Cadence | {m.cadence} |\n| Fetched | {'yes' if m.is_download else 'no, import only'} |\n"
            f"| Needs a key | {'yes' if m.needs_key else 'no'} |\n"
            f"| Cite | {m.citation.strip()} |\n\nProvides: {', '.join(f'`{name}`' for name in m.indicators)}.\n"
        )
        parts += [f"- {note}" for note in m.notes] + [""]
    return "\n".join(parts)


def formulas_page() -> str:
    """Every formula a number can be made by."""
    import forefend.assess.figures
    import forefend.assess.round_figures
    import forefend.brief.gaps.ahead
    import forefend.forecast.formulas
    import forefend.forecast.growing
    import forefend.forecast.growth_formulas
    import forefend.forecast.record_formulas
    import forefend.options.formulas
    import forefend.signals.formulas  # noqa: F401 - these register their formulas

    rows = [f"| `{entry.name}` | {entry.sentence} |" for entry in sorted(FORMULAS.values(), key=lambda f: f.name)]
    return "\n".join(
        [
            "# Formulas\n",
            MADE,
            "Every number on a page is one of these, or made of them.\n",
            "| Name | What it does |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def series_page() -> str:
    """Every declared public series and what it serves."""
    rows = [
        f"| `{s.id}` | {s.title} | {s.unit} | {s.direction.replace('_', ' ')} | `{s.source}` | "
        f"{', '.join(f'{e.id} ({e.strength})' for e in s.serves)} |"
        for s in load_catalog().data_indicators.values()
    ]
    return "\n".join(
        ["# Public series\n", MADE, "| Id | Title | Unit | Direction | Source | Serves |", "|---|---|---|---|---|---|", *rows, ""]
    )


def checks_page() -> str:
    """Every standing check of a round."""
    from forefend.assess.checks import CHECKS, SEVERITIES

    rows = [
        f"| `{check.id}` | {SEVERITIES[severity]} | {check.title} | {check.sentence.replace('%(', '‹').replace(')s', '›')} |"
        for severity in SEVERITIES
        for check in CHECKS.values()
        if check.severity == severity
    ]
    return "\n".join(
        [
            "# Standing checks\n",
            MADE,
            "A check that *stops* holds up the adoption of a round, one that *warns* changes what the result is worth, "
            "one that *asks* is a question to somebody.\n",
            "| Check | Severity | Title | Sentence |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def commands_page() -> str:
    """What the command line says of itself."""
    from forefend.cli.main import COMMANDS

    program = str(Path(sys.executable).parent / "forefend")
    parts = ["# Commands\n", MADE]
    for words in ([], *([name] for name in COMMANDS)):
        shown = subprocess.run(
            [program, *words, "--help"], capture_output=True, text=True, check=True, env={"COLUMNS": "100", "PATH": ""}
        ).stdout
        lines = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"## forefend {' '.join(words)}".rstrip() + f"\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


def main() -> None:
    """Write all pages."""
    OUT.mkdir(parents=True, exist_ok=True)
    pages = {
        "sources": sources_page,
        "formulas": formulas_page,
        "series": series_page,
        "checks": checks_page,
        "commands": commands_page,
    }
    for name, make in pages.items():
        (OUT / f"{name}.md").write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()

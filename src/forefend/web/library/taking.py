"""The catalog as files for other tools."""

from __future__ import annotations

from dataclasses import dataclass

from forefend.locale import N_


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of the catalog: the name of the file, its media type, and what it is for."""

    file: str
    media_type: str
    title: str
    hint: str


FORMS: dict[str, Form] = {
    "xlsx": Form(
        file="forefend-catalog.xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        title=N_("Excel workbook"),
        hint=N_("One sheet for each kind of entry, with its links"),
    ),
    "oscal": Form(
        file="forefend-catalog-oscal.json",
        media_type="application/json",
        title=N_("OSCAL catalog"),
        hint=N_("For tools that read NIST's Open Security Controls Assessment Language"),
    ),
    "ciso": Form(
        file="forefend-catalog-ciso.yaml",
        media_type="application/yaml",
        title=N_("CISO Assistant library"),
        hint=N_("To be loaded there as a framework"),
    ),
    "json": Form(file="forefend-catalog.json", media_type="application/json", title=N_("JSON"), hint=N_("Everything, as it is")),
    "csv": Form(file="forefend-catalog.csv", media_type="text/csv; charset=utf-8", title=N_("CSV"), hint=N_("One row for each text")),
}

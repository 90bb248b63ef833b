"""UN system revenue by government donor (CEB financial statistics): who pays which organization, assessed or voluntary.

Known oddities: the file is not in UTF-8; the column of amounts was renamed; refunds and other revenue stand among
contributions under their own type. The Peacebuilding Fund and OHCHR are not organizations of this file: the first is
paid through the Multi-Partner Trust Fund Office, the second is within the United Nations.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns, unique_rows
from forefend.sources.families.listed import NOT_A_STATE, yearly
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import place_by_name
from forefend.sources.reading.tables import index_table

READ = ("entity", "calendar_year", "amount", "government_donor", "rev_type")
OUT_OF_SCOPE = ("_currency_amoun", "_currency_amount", "currency", "contrib_type")
AMOUNTS = ("usd_amount", "amount_usd")  # later names of the column of amounts
ASSESSED, CORE, EARMARKED, OTHER = "assessed", "core", "earmarked", "other"
# What a type of revenue holds in its words, in the order in which they are looked for.
TYPES = (
    ("refund", OTHER), ("miscellaneous", OTHER), ("other revenue", OTHER), ("revenue from other", OTHER), ("assessed", ASSESSED),
    ("non-core", EARMARKED), ("un-earmarked", CORE), ("unearmarked", CORE), ("earmarked", EARMARKED), ("voluntary core", CORE),
)  # fmt: skip
VOLUNTARY = (CORE, EARMARKED)
NEGATIVE = "less than nothing was given"
# Organizations a series is about, as their codes are written without blanks and hyphens.
SHARES = {
    "ceb_unhcr_share": ("UNHCR",),
    "ceb_structural_share": ("UNHCR", "UNODC", "UNESCO", "UNWOMEN"),
    "ceb_prevention_share": ("UNWOMEN", "UNESCO"),
}


def read(files: Files) -> Parsed:
    """Read the one file of all years."""
    if len(files) != 1:
        raise UnexpectedData(f"Revenue by government donor is one file, but {len(files)} were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = index_table(path.read_bytes(), name=name)
    plain = {column: _plain(column) for column in frame.columns}
    if len(set(plain.values())) != len(plain):
        raise UnexpectedData(f"{name} has a column twice. Get it from the publisher again.")
    frame = frame.rename(plain)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    frame, again = unique_rows(frame)
    typed = place_by_name(frame, column="government_donor").with_columns(
        in_year=year("calendar_year"),
        plain_amount=pl.col("amount").str.replace_all(r"[,\s$]", ""),
        type=_types(frame["rev_type"], name=name),
        body=pl.col("entity").str.to_uppercase().str.replace_all(r"[\s\-_]", ""),
    )
    typed = typed.with_columns(usd=number("plain_amount"))
    good, rejected = split(
        typed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (pl.col("in_year").is_null(), NO_YEAR),
            (pl.col("usd").is_null(), NO_NUMBER),
            (pl.col("usd") < 0, NEGATIVE),
        ],
        shown=["entity", "calendar_year", "government_donor", "amount"],
    )
    given = good.filter(pl.col("type").is_in(VOLUNTARY))
    parts = [_share(given, part=pl.col("body").is_in(bodies), indicator=indicator) for indicator, bodies in SHARES.items()]
    parts.append(_share(given, part=pl.col("type") == CORE, indicator="ceb_core_share"))
    return Parsed(tables={"observations": pl.concat(parts)}, rejected=pl.concat([again, rejected]))


def _plain(column: str) -> str:
    name = "_".join(column.lower().split())
    return "amount" if name in AMOUNTS else name


def _types(written: pl.Series, *, name: str) -> pl.Series:
    found = {text: _type(text) for text in written.unique().to_list()}
    if strange := sorted(text for text, kind in found.items() if not kind):
        raise UnexpectedData(f"rev_type has codes new to this connector in {name}: {', '.join(map(repr, strange[:3]))}.")
    return written.replace_strict(found, return_dtype=pl.String)


def _type(text: str) -> str:
    return next((kind for words, kind in TYPES if words in text.lower()), "")


def _share(frame: pl.DataFrame, *, part: pl.Expr, indicator: str) -> pl.DataFrame:
    """Percent of a government's voluntary contributions of a year."""
    sums = frame.group_by("iso3", year="in_year", maintain_order=True).agg(
        pl.col("row").min(), of=pl.col("usd").sum(), given=pl.col("usd").filter(part).sum()
    )
    good = sums.filter(pl.col("of") > 0).with_columns(value=100 * pl.col("given") / pl.col("of"))
    return yearly(good, indicator=indicator)

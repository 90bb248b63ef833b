"""How often two states voted alike: 1 for the same vote, a half where one abstained, 0 for yes against no."""

from __future__ import annotations

import polars as pl

CHANNEL = "vote_agreement"
SCORES = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
N_AT_LEAST = 20  # fewer votes say little about a pair


def vote_agreement(votes: pl.DataFrame, *, basis: str = "votes") -> pl.DataFrame:
    """Return ties, both ways, of all pairs with at least ``N_AT_LEAST`` votes in common.

    ``votes`` has ``iso3``, ``key``, ``status`` and ``start``. States that did not vote do not count. The
    unit names the number of votes the share rests on, ``basis`` what they were. The period runs from the
    first vote to the last.
    """
    cast = votes.filter(pl.col("status").is_in(list(SCORES))).select(
        "iso3", "key", "start", score=pl.col("status").replace_strict(SCORES, return_dtype=pl.Float64)
    )
    years = cast.with_columns(year=pl.col("start").dt.year()).partition_by("year") if cast.height else []
    parts = [_pairs(year) for year in years]
    if not parts:
        return pl.DataFrame(schema=SCHEMA)
    sums = pl.concat(parts).group_by("from_iso3", "to_iso3").agg(pl.col("alike").sum(), pl.col("votes").sum())
    return (
        sums.filter(pl.col("votes") >= N_AT_LEAST)
        .select(
            pl.lit(CHANNEL).alias("channel"),
            "from_iso3",
            "to_iso3",
            pl.lit(cast["start"].min()).alias("start"),
            pl.lit(cast["start"].max()).alias("end"),
            value=(pl.col("alike") / pl.col("votes")).round(4),
            unit=pl.format("share of {} {}", "votes", pl.lit(basis)),
        )
        .sort("from_iso3", "to_iso3")
    )


SCHEMA = {
    "channel": pl.String,
    "from_iso3": pl.String,
    "to_iso3": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "value": pl.Float64,
    "unit": pl.String,
}


def _pairs(votes: pl.DataFrame) -> pl.DataFrame:
    """Sum one year, as all pairs of all years at once would not fit in memory."""
    joined = votes.join(votes, on="key", suffix="_to").filter(pl.col("iso3") != pl.col("iso3_to"))
    alike = 1 - (pl.col("score") - pl.col("score_to")).abs()
    return joined.group_by(from_iso3="iso3", to_iso3="iso3_to").agg(alike=alike.sum(), votes=pl.len().cast(pl.Int64))

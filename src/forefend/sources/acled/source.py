"""ACLED: political violence and demonstrations, by event; asks for an account, and is never passed on.

Read as the interface's pages of JSON, or as the csv of the export tool. Known oddities: numbers are text; the
number of a state is ISO's, and 0 for Kosovo; an event of violence against demonstrators counts as both political
violence and demonstration; whom a fatality was is not said, so that deaths of civilians are known only where
civilians were the target.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, SourceUnavailable, UnexpectedData
from forefend.places import from_code, resolve
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.families.incidents import by_month, whole_years
from forefend.sources.reading.cells import whole_number
from forefend.sources.reading.records import answer, framed_records
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.asking import Asking
from forefend.store.fetch import Request
from forefend.store.tables import EVENTS

TOKEN = "https://acleddata.com/oauth/token"  # noqa: S105 - an address
ADDRESS = "https://acleddata.com/api/acled/read"
YEARS = 2  # whole years before the current one that are asked for
PAGE_ROWS = 5000
MOST_PAGES = 2000
READ = (
    "event_id_cnty", "event_date", "disorder_type", "event_type", "actor1", "actor2", "civilian_targeting", "iso", "country",
    "latitude", "longitude", "fatalities",
)  # fmt: skip
# Parts of the date and place, allied actors, codes that repeat names, reports and accounts.
OUT_OF_SCOPE = {
    "data_id", "iso3", "event_id_no_cnty", "year", "time_precision", "sub_event_type", "assoc_actor_1", "inter1", "assoc_actor_2",
    "inter2", "interaction", "region", "admin1", "admin2", "admin3", "location", "geo_precision", "source", "source_scale", "notes",
    "tags", "timestamp", "population_1km", "population_2km", "population_5km", "population_best",
}  # fmt: skip
KINDS = {
    "Battles": "acled_battle",
    "Violence against civilians": "acled_violence_against_civilians",
    "Explosions/Remote violence": "acled_explosion",
    "Riots": "acled_riot",
    "Protests": "acled_protest",
    "Strategic developments": "acled_strategic_development",
}
VIOLENCE, DEMONSTRATIONS = "Political violence", "Demonstrations"
DISORDERS = (VIOLENCE, DEMONSTRATIONS, f"{VIOLENCE}; {DEMONSTRATIONS}", "Strategic developments")
TARGETED = "Civilian targeting"
MEASURES = ("political_violence", "civilian_targeting", "demonstration")
FIRST, LAST = date(1997, 1, 1), date(2100, 12, 31)
LIMIT = 3_000_000_000


def collect(asking: Asking) -> list[Path]:
    """Log in, then fetch every page since the beginning of the year before last."""
    form = {
        "username": asking.secret("ACLED_USERNAME"),
        "password": asking.secret("ACLED_PASSWORD"),
        "grant_type": "password",
        "client_id": "acled",
    }
    token = asking.answer(TOKEN, request=Request(method="POST", form=form))
    if not isinstance(token, dict) or not token.get("access_token"):
        raise SourceUnavailable("ACLED gave no token. Check ACLED_USERNAME and ACLED_PASSWORD, and that the account may use the interface.")
    request = Request(headers={"Authorization": f"Bearer {token['access_token']}"})
    today = datetime.now(UTC).date()
    span = f"event_date={today.year - YEARS}-01-01%7C{today.isoformat()}&event_date_where=BETWEEN"
    asked = f"{ADDRESS}?_format=json&{span}&fields={'%7C'.join(READ)}&limit={PAGE_ROWS}"
    pages: list[Path] = []
    while len(pages) < MOST_PAGES:
        name = f"acled-{len(pages) + 1:04}.json"
        pages.append(asking.file(f"{asked}&page={len(pages) + 1}", name=name, request=request))
        if len(_records(pages[-1], name=name)) < PAGE_ROWS:
            return pages
    raise SourceUnavailable(f"ACLED gave more than {MOST_PAGES} pages. Import its export from disk instead.")


def _records(path: Path, *, name: str) -> list[object]:
    """Return a page's records; raises UnexpectedData where the interface says that it refused."""
    content = answer(path, name=name, fields=("status", "data"))
    data = content["data"]
    if str(content["status"]) != "200" or not isinstance(data, list):
        said = content.get("messages") or content.get("message") or content["status"]
        raise UnexpectedData(f"{name}: ACLED refused: {str(said)[:200]}. Check that the account may use the interface.")
    if "count" in content and str(content["count"]) != str(len(data)):
        raise UnexpectedData(f"{name} holds {len(data)} events, but says {content['count']}. Fetch it again.")
    return data


def read(files: Files) -> Parsed:
    """Read all pages, or the export."""
    parts = [_table(name, path) for name, path in sorted(files.items())]
    frame = pl.concat([part for part in parts if part.height] or parts[:1])
    check_codes(frame, column="event_type", known=KINDS)
    check_codes(frame, column="disorder_type", known=DISORDERS)
    check_codes(frame, column="civilian_targeting", known=(TARGETED, ""))
    kept = _typed(frame)
    left = []
    for holds, why in (
        (pl.any_horizontal(pl.col("start", "deaths").is_null()), "a date or number is missing or impossible"),
        (~pl.col("is_first"), "the event has no number, or one that came before"),
        (pl.col("iso3").is_null(), "no state is named"),
    ):
        left.append(reject(frame.join(kept.filter(holds), on=["row", "file"], how="semi"), reason=why))
        kept = kept.filter(~holds)
    return Parsed(tables={"events": _events(kept), "observations": _observations(kept)}, rejected=pl.concat(left))


def _table(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() == ".json":
        frame = framed_records(_records(path, name=name), name=name)
        if frame.is_empty():
            return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys((*READ, "file"), pl.String)})
    else:
        frame = text_table(unpacked(path, limit=LIMIT), name=name)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    return frame.select("row", *(pl.col(column).fill_null("") for column in READ), file=pl.lit(name))


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    pairs = frame.select("iso", "country").unique()
    found = pairs.with_columns(iso3=pl.Series([_state(*pair) for pair in pairs.iter_rows()], dtype=pl.String))
    day = pl.col("event_date").str.to_date("%Y-%m-%d", strict=False)
    return frame.join(found, on=["iso", "country"], how="left", maintain_order="left").with_columns(
        start=pl.when(day.is_between(FIRST, LAST)).then(day),
        deaths=whole_number("fatalities"),
        is_first=pl.col("event_id_cnty").is_first_distinct() & (pl.col("event_id_cnty") != ""),
        events=pl.lit(1, dtype=pl.Int64),
        political_violence=pl.col("disorder_type").str.contains(VIOLENCE, literal=True),
        demonstration=pl.col("disorder_type").str.contains(DEMONSTRATIONS, literal=True),
        civilian_targeting=pl.col("civilian_targeting") == TARGETED,
    )


def _state(number: str, name: str) -> str | None:
    try:
        if number.isdigit() and int(number):
            return from_code(int(number), scheme="m49")
        return resolve(name) if name else None
    except PlaceError as refusal:
        raise UnexpectedData(f"A state is new to this connector: {refusal}") from None


def _observations(kept: pl.DataFrame) -> pl.DataFrame:
    """Sums by month of each measure, and by year for the years of which every month has events."""
    parts = []
    for measure in MEASURES:
        rows = kept.filter(pl.col(measure))
        series = {"events": f"acled_{measure}_events", "deaths": f"acled_{measure}_fatalities"}
        parts.append(by_month(rows, series=series))
        parts.append(whole_years(rows, series={column: f"{name}_year" for column, name in series.items()}, among=kept))
    return pl.concat(parts)


def _events(kept: pl.DataFrame) -> pl.DataFrame:
    latitude, longitude = (pl.col(column).cast(pl.Float64, strict=False) for column in ("latitude", "longitude"))
    on_earth = latitude.is_between(-90, 90) & longitude.is_between(-180, 180)
    return kept.select(
        event_id=pl.col("event_id_cnty"),
        iso3="iso3",
        start="start",
        end="start",
        kind=pl.col("event_type").replace_strict(KINDS),
        deaths_best="deaths",
        deaths_low=pl.lit(None, dtype=pl.Int64),
        deaths_high=pl.lit(None, dtype=pl.Int64),
        deaths_civilians=pl.when(pl.col("civilian_targeting")).then(pl.col("deaths")),
        actor_a=pl.col("actor1").replace("", None),
        actor_b=pl.col("actor2").replace("", None),
        latitude=pl.when(on_earth).then(latitude),
        longitude=pl.when(on_earth).then(longitude),
        row="row",
    ).cast(EVENTS)

"""UCDP's interface: the events of one yearly release, in pages of JSON; asks for a token.

The rows are those of the release's zip. A page names the next one; the token is sent to the publisher's own
address only.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.families.ucdp_events import OUT_OF_SCOPE, READ, events_of, months_of
from forefend.sources.reading.records import answer, framed_records
from forefend.store.asking import Asking
from forefend.store.fetch import Request

ADDRESS = "https://ucdpapi.pcr.uu.se/api/gedevents/"
VERSION = "26.1"
PAGE_ROWS = 1000  # the most the publisher gives at once
MOST_PAGES = 5000  # what the publisher answers in a day
NAME = re.compile(r"gedevents-(?P<version>\d\d\.\d)-(?P<page>\d+)\.json")
FIELDS = ("TotalCount", "NextPageUrl", "Result")


def collect(asking: Asking) -> list[Path]:
    """Fetch every page of the release, following the publisher's own links from page to page."""
    request = Request(headers={"x-ucdp-access-token": asking.secret("UCDP_ACCESS_TOKEN")})
    address = f"{ADDRESS}{VERSION}?pagesize={PAGE_ROWS}"
    pages: list[Path] = []
    while address:
        name = f"gedevents-{VERSION}-{len(pages):05}.json"
        pages.append(asking.file(address, name=name, request=request))
        following = answer(pages[-1], name=name, fields=FIELDS)["NextPageUrl"]
        address = _own(str(following)) if following else ""
        if len(pages) > MOST_PAGES:
            raise SourceUnavailable(f"{ADDRESS} gave more than {MOST_PAGES} pages and no end. Import the release's zip with ucdp_ged.")
    return pages


def _own(address: str) -> str:
    """Return the next page's address; raises SourceUnavailable where it leads elsewhere, as a token goes with it."""
    if ADDRESS.startswith("https://"):
        address = re.sub(r"^http://", "https://", address)
    if not address.startswith(ADDRESS):
        raise SourceUnavailable("The next page lies at another address than this interface's, and the token is not sent there.")
    return address


def read(files: Files) -> Parsed:
    """Read all pages of one release; a missing page is refused."""
    versions = {named["version"] if (named := NAME.fullmatch(name)) else "" for name in files}
    if len(versions) != 1 or "" in versions:
        raise UnexpectedData("The files are not the pages of one release (gedevents-26.1-00000.json, ...). Give all pages of one.")
    pages, totals = [], set()
    for name, path in sorted(files.items()):
        content = answer(path, name=name, fields=FIELDS)
        totals.add(json.dumps(content["TotalCount"]))
        pages.append(_page(content["Result"], name=name))
    raw = pl.concat(pages)
    if totals != {str(raw.height)}:
        raise UnexpectedData(f"The pages hold {raw.height} events, but the publisher counts {', '.join(sorted(totals))}. Fetch them again.")
    found = events_of(raw.with_columns(row=pl.int_range(1, pl.len() + 1)), file=f"release {min(versions)}")
    return Parsed(
        tables={"events": found.events, "observations": months_of(found.events)},
        rejected=found.rejected,
        vintage=min(versions),
    )


def _page(records: object, *, name: str) -> pl.DataFrame:
    frame = framed_records(records, name=name)
    if frame.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(READ, pl.String)})
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    return frame.select("row", *READ)

"""Every refusal Forefend makes: one small tree, one clear sentence each.

The sentence says what is wrong and what to do. It is raised close to the cause and caught only at the
edges (command line, view, job), where it becomes a line on standard error or a page with its status.
"""

from __future__ import annotations


class ForefendError(Exception):
    """Something was refused; ``str(error)`` is one sentence for a person."""


class SettingsError(ForefendError):
    """The environment or the settings file says something that cannot be followed."""


class CatalogError(ForefendError):
    """The catalog is inconsistent, or an unknown catalog id was asked for."""


class PlaceError(ForefendError):
    """A name or code does not lead to exactly one state of today."""


class UnknownPlace(PlaceError):
    """No state is known by this name or code."""


class AmbiguousPlace(PlaceError):
    """More than one state answers to this name; ``candidates`` holds their ISO 3166 alpha-3 codes."""

    def __init__(self, message: str, *, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


class HistoricalPlace(PlaceError):
    """The name belongs to a state that is no more; ``successors`` holds alpha-3 codes of today."""

    def __init__(self, message: str, *, successors: tuple[str, ...]) -> None:
        super().__init__(message)
        self.successors = successors


class StoreError(ForefendError):
    """The store cannot be read or written; what it held is unchanged."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class NotLoaded(StoreError):
    """The data asked for are in no snapshot; ``source`` names what to fetch."""

    def __init__(self, message: str, *, source: str) -> None:
        super().__init__(message)
        self.source = source


class SourceError(ForefendError):
    """A source could not be taken in; the store is as it was."""


class UnexpectedData(SourceError):
    """The publisher's file holds a field, code or value the connector does not know."""


class SourceUnavailable(SourceError):
    """The publisher did not answer, or answered with something that is not the file."""


class ForecastError(ForefendError):
    """A forecast cannot be made from what is stored."""


class OutsideCoverage(ForecastError):
    """The state lies outside the universe of the source that the forecast rests on."""


class AssessmentError(ForefendError):
    """Something was asked of an assessment that its rules do not allow.

    The sentence is kept apart from its values, so that a page can say it in its own language.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class TransitionRefused(AssessmentError):
    """A round or contribution cannot go from the stage it is in to the one asked for."""


class AccountError(ForefendError):
    """Something was asked about people, duties, invitations or institutions that the rules do not allow.

    The sentence is kept apart from its values, so that a page can say it in its own language.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class NotAllowed(ForefendError):
    """The person may not do this; pages answer as if the thing were not there."""


class Outdated(ForefendError):
    """Somebody else changed the thing meanwhile; nothing was overwritten."""


class AuditError(ForefendError):
    """The audit log does not prove what it should."""

"""The one door to scikit-learn, which is installed with the extra ``ml``."""

from __future__ import annotations

from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from forefend.errors import ForecastError

AT_ONCE = 2  # trees, or sets of them, learnt at the same time: the server has two cores
NOT_INSTALLED = "Fitted forecasts need scikit-learn. Install it with: pip install 'forefend[ml]'"


class TooLittleToLearn(ForecastError):
    """A model has too few cases, or no positive one, to be fitted; another takes its place."""


def can_learn() -> bool:
    """Tell whether scikit-learn is installed."""
    return find_spec("sklearn") is not None


def ensemble(name: str) -> Any:
    """Return a class of ``sklearn.ensemble``; raises ForecastError where it is not installed."""
    if not can_learn():
        raise ForecastError(NOT_INSTALLED)
    return getattr(import_module("sklearn.ensemble"), name)


def digest(*parts: object) -> str:
    """Name what a fit depends on by its content, so that a kept fit can never stand for other data."""
    hashed = sha256()
    for part in parts:
        hashed.update(np.ascontiguousarray(part).tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
    return hashed.hexdigest()

"""States, their codes, names and neighbours."""

from forefend.places.codes import codes, from_code
from forefend.places.model import State, neighbours, state, states, universe
from forefend.places.names import normal, place_name, resolve, resolve_many

__all__ = ["State", "codes", "from_code", "neighbours", "normal", "place_name", "resolve", "resolve_many", "state", "states", "universe"]

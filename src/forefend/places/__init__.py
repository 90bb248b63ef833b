"""States, their codes, names and neighbours."""

from forefend.places.cldr import place_name
from forefend.places.codes import codes, from_code
from forefend.places.model import FormerState, State, former_states, neighbours, state, states, universe
from forefend.places.names import resolve, resolve_many
from forefend.places.spelling import normal

__all__ = [
    "FormerState",
    "State",
    "codes",
    "former_states",
    "from_code",
    "neighbours",
    "normal",
    "place_name",
    "resolve",
    "resolve_many",
    "state",
    "states",
    "universe",
]

"""What may stand in a Word template, and what is wrong with one: each unknown field, with the one that was meant.

Fields, loops over the lists, conditions and a few filters are allowed; calls, sums and everything else are not, so that
a template can neither reach further than its fields nor keep the machine busy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

TEXT, BLOCKS = "text", "blocks"
Shape = str | Mapping[str, "Shape"]
FIELDS: Mapping[str, Shape] = {
    "title": TEXT,
    "organisation": TEXT,
    "reference": TEXT,
    "date": TEXT,
    "marking": TEXT,
    "subject": TEXT,
    "language": TEXT,
    "summary": TEXT,
    "content": BLOCKS,
    "sources": BLOCKS,
    "sections": {"title": TEXT, "content": BLOCKS},
    "figures": {"number": TEXT, "label": TEXT, "value": TEXT, "period": TEXT},
}
LISTS = ("sections", "figures")
FILTERS = ("upper", "lower", "title", "default", "trim")
LOOP = {"index": TEXT, "first": TEXT, "last": TEXT, "length": TEXT}
MOST_LOOPS = 20


def environment() -> SandboxedEnvironment:
    """Return an engine that knows the allowed filters and nothing to call."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    made = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {"defined": made.tests["defined"]}
    return made


@dataclass
class Checker:
    """Walks through a template; knows which names mean what where it stands."""

    faults: list[str] = field(default_factory=list)
    shown_in_margins: set[str] = field(default_factory=set)
    place: str = ""
    loops: int = 0

    def walk(self, tree: nodes.Node, *, place: str) -> None:
        """Check one part of the template."""
        self.place = place
        for child in tree.iter_child_nodes():
            self._node(child, FIELDS, is_within=False)

    def _node(self, node: nodes.Node, known: Mapping[str, Shape], *, is_within: bool) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.For):
            self._loop(node, known, is_within=is_within)
        elif isinstance(node, nodes.Output):
            for child in node.nodes:
                self._shown(child, known)
        elif isinstance(node, nodes.If):
            self._value(node.test, known)
            inner: tuple[nodes.Node, ...] = (*node.body, *node.elif_, *node.else_)
            for part in inner:
                self._node(part, known, is_within=is_within)
        else:
            self._refuse(node)

    def _loop(self, node: nodes.For, known: Mapping[str, Shape], *, is_within: bool) -> None:
        from jinja2 import nodes

        self.loops += 1
        if is_within:
            self.faults.append("A loop stands within another. Take one of them out.")
            return
        if self.loops > MOST_LOOPS:
            self.faults.append(f"The template has more than {MOST_LOOPS} loops. Take some of them out.")
            return
        shape = self._shape(node.iter, known)
        if not isinstance(shape, Mapping):
            if shape is not None:
                self.faults.append(f"“{_written(node.iter)}” is no list. Lists are {', '.join(LISTS)}.")
            return
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            self._refuse(node)
            return
        inner = {**known, node.target.name: shape, "loop": LOOP}
        for child in (*node.body, *node.else_):
            self._node(child, inner, is_within=True)

    def _shown(self, node: nodes.Node, known: Mapping[str, Shape]) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.TemplateData):
            return
        shape = self._value(node, known)
        if isinstance(shape, Mapping):
            self.faults.append(f"“{_written(node)}” is a list. Write {{% for item in {_written(node)} %}} … {{% endfor %}}.")
        elif shape == BLOCKS and self.place != "text":
            self.faults.append(f"“{_written(node)}” holds whole paragraphs and cannot stand in the {self.place}.")
        elif shape == BLOCKS and isinstance(node, nodes.Filter):
            self.faults.append(f"“{_written(node)}” holds whole paragraphs and takes no filter.")
        if self.place in ("header", "footer") and isinstance(node, nodes.Name):
            self.shown_in_margins.add(node.name)

    def _value(self, node: nodes.Node, known: Mapping[str, Shape]) -> Shape | None:
        """Return what an expression stands for; a fault is written down and gives None."""
        from jinja2 import nodes

        if isinstance(node, nodes.Filter) and node.node is not None:
            if node.name not in FILTERS:
                self.faults.append(f"There is no filter “{node.name}”.{_hint(node.name, FILTERS)}")
            self._values(node.args, known)
            return self._value(node.node, known)
        if isinstance(node, nodes.Not | nodes.Test):
            return self._value(node.node, known)
        if isinstance(node, nodes.And | nodes.Or):
            self._values((node.left, node.right), known)
        elif isinstance(node, nodes.Compare):
            self._values((node.expr, *(operand.expr for operand in node.ops)), known)
        elif not isinstance(node, nodes.Const):
            return self._shape(node, known)
        return TEXT

    def _values(self, found: Iterable[nodes.Node], known: Mapping[str, Shape]) -> None:
        for node in found:
            self._value(node, known)

    def _shape(self, node: nodes.Node, known: Mapping[str, Shape]) -> Shape | None:
        from jinja2 import nodes

        if isinstance(node, nodes.Name):
            if node.name not in known:
                self.faults.append(f"There is no field “{node.name}”.{_hint(node.name, list(known))}")
            return known.get(node.name)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._part(node, node.node.name, known)
        self._refuse(node)
        return None

    def _part(self, node: nodes.Getattr, name: str, known: Mapping[str, Shape]) -> Shape | None:
        whole = known.get(name)
        if whole is None:
            self.faults.append(f"There is no field “{name}”.{_hint(name, list(known))}")
        elif not isinstance(whole, Mapping) or (name in LISTS and whole is FIELDS[name]):
            self.faults.append(f"“{name}” has no part “{node.attr}”. Write {{{{ {name} }}}}, or go through it with a loop if it is a list.")
        elif node.attr not in whole:
            self.faults.append(f"There is no field “{name}.{node.attr}”.{_hint(node.attr, list(whole), before=f'{name}.')}")
        else:
            return whole[node.attr]
        return None

    def _refuse(self, node: nodes.Node) -> None:
        told = f"“{_written(node)}” is not allowed in a template. Use fields, loops, conditions and the filters {', '.join(FILTERS)}."
        self.faults.append(told)


def _written(node: nodes.Node) -> str:
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Filter) and node.node is not None:
        return f"{_written(node.node)} | {node.name}"
    if isinstance(node, nodes.Call):
        return f"{_written(node.node)}()"
    return type(node).__name__.lower()


def _hint(name: str, known: Sequence[str], *, before: str = "") -> str:
    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean “{before}{near[0]}”?" if near else f" There are: {', '.join(f'{before}{entry}' for entry in known)}."

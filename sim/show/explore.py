"""The explorer of a notebook: sliders for the numbers that matter most, and below them what follows where they stand.

Widgets alone: what they show is computed by `explored`, which knows no widget. Each number has a labelled field, for
the keyboard and for screen readers, and a slider for the hand. The field holds the number; the slider stands at the
nearest of its steps.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets

from sim.errors import RealpolitikError
from sim.scenario.model import ScenarioData
from sim.show.explored import Profile, Setting, explorable, pieces
from sim.show.knobs import SCREENING, Knob, knobs
from sim.solvers.concepts import Request

STYLE = """<style>
.sim-explore table { border-collapse: collapse; font-size: 13px; margin: 4px 0 10px; }
.sim-explore th, .sim-explore td { border: 1px solid #8886; padding: 2px 8px; vertical-align: top; }
.sim-explore th, .sim-explore td { white-space: nowrap; }
.sim-explore td { text-align: right; font-variant-numeric: tabular-nums; }
.sim-explore .cards td:last-child { white-space: normal; }
.sim-explore p { margin: 4px 0 8px; max-width: 70rem; overflow-wrap: anywhere; }
.sim-explore .widget-html-content { line-height: 1.45; }
.sim-explore .cards { display: flex; flex-wrap: wrap; gap: 4px 28px; }
.sim-explore .cards > div { max-width: 100%; }
.sim-explore summary { cursor: pointer; }
</style>"""


class Explorer:
    """The widgets of one scenario. What a cell shows is `box`; each part can be driven from Python too."""

    def __init__(
        self,
        scenario: ScenarioData,
        file: str | None,
        *,
        numbers: Sequence[str] | None,
        request: Request,
        screened: Sequence[Request],
    ) -> None:
        """Compile, choose the numbers and show the central values.

        Args:
            scenario: checked data.
            file: how the scenario is named on a command line; None where none says the same.
            numbers: to move, by name; those that move the `screened` rows most where left out.
            request: the concept and order chosen at first.
            screened: rows.

        Raises:
            UsageError: a name that is no number, or one that is fixed.
        """
        self._ready = explorable(scenario, file, request)
        self.knobs = knobs(scenario, screened, numbers=numbers)
        self.sliders = {knob.name: _slider(knob) for knob in self.knobs}
        self.fields = {knob.name: _field(knob) for knob in self.knobs}
        concepts = list(dict.fromkeys(row.concept for row in self._ready.requests))
        self.concept = _dropdown("concept", concepts, request.concept)
        orders = [one.name for one in scenario.orders]
        self.order = _dropdown("order of moves", orders, request.order or (orders[0] if orders else None))
        self.equilibrium = _dropdown("equilibrium", [("", None)], None)
        self.reset = widgets.Button(
            description="Back to central values", layout={"width": "auto", "align_self": "flex-start"}
        )
        self.changed, self.statuses, self.matrices, self.explanation = (widgets.HTML() for _ in range(4))
        self._busy = False
        self._connect()
        self.box = self._laid_out(scenario)
        self.update()

    @property
    def setting(self) -> Setting:
        """Where the widgets stand."""
        moved = {
            knob.name: Fraction(f"{self.fields[knob.name].value:.10g}")
            for knob in self.knobs
            if self.fields[knob.name].value != float(knob.central)
        }
        chosen = self.concept.value
        order = self.order.value if chosen == "subgame-perfect" else None
        return Setting(Request(chosen, order), moved, self.equilibrium.value)

    def update(self, *_: object) -> None:
        """Show what follows from the setting; what is wrong with it, where a payoff is no number there."""
        if self._busy:
            return
        self.order.disabled = self.concept.value != "subgame-perfect"
        try:
            shown = pieces(self._ready, self.setting)
        except RealpolitikError as error:
            self.changed.value = f'<p role="alert">{escape(str(error))}</p>'
            self.statuses.value = self.matrices.value = self.explanation.value = ""
            return
        self.changed.value, self.statuses.value = shown.changed, shown.statuses
        self.matrices.value, self.explanation.value = shown.matrices, shown.explanation
        self._offer(shown.equilibria, shown.profile)

    def to_central(self, *_: object) -> None:
        """Set every number to its central value, and show that once."""
        self._busy = True
        try:
            for knob in self.knobs:
                self.fields[knob.name].value = float(knob.central)
        finally:
            self._busy = False
        self.update()

    def _offer(self, found: Mapping[str, Profile], shown: Profile | None) -> None:
        """The equilibria that there are now, and which of them is taken apart."""
        self._busy = True
        try:
            if tuple(self.equilibrium.options) != tuple(found.items()):
                self.equilibrium.options = tuple(found.items()) or (("there is none", None),)
            self.equilibrium.value = shown
        finally:
            self._busy = False

    def _slid(self, knob: Knob, change: Mapping[str, Any]) -> None:
        """The slider was moved, or only tells the step nearest to its field, as browsers do of their own accord."""
        there, central = change["new"], float(knob.central)
        if abs(there - self.fields[knob.name].value) > knob.reach:
            self.fields[knob.name].value = central if abs(there - central) <= knob.reach else float(f"{there:.10g}")

    def _typed(self, knob: Knob, change: Mapping[str, Any]) -> None:
        """The field has another number, whoever put it there."""
        if abs(change["new"] - self.sliders[knob.name].value) > knob.reach:
            self.sliders[knob.name].value = change["new"]
        self.update()

    def _connect(self) -> None:
        for knob in self.knobs:
            self.sliders[knob.name].observe(partial(self._slid, knob), "value")
            self.fields[knob.name].observe(partial(self._typed, knob), "value")
        for choice in (self.concept, self.order, self.equilibrium):
            choice.observe(self.update, "value")
        self.reset.on_click(self.to_central)

    def _laid_out(self, scenario: ScenarioData) -> Any:
        rows = [_row(knob, self.sliders[knob.name], self.fields[knob.name]) for knob in self.knobs]
        choices = widgets.HBox(
            [self.concept, self.order, self.equilibrium],
            layout={"flex_flow": "row wrap", "grid_gap": "8px"},
        )
        shown = [self.changed, self.statuses, choices, self.explanation, self.matrices]
        box = widgets.VBox([widgets.HTML(_head(scenario, self.knobs)), *rows, *([self.reset] if rows else []), *shown])
        box.add_class("sim-explore")
        return box

    def _repr_mimebundle_(self, **asked: Any) -> dict[str, Any]:
        return {**self.box._repr_mimebundle_(**asked), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<Explorer of {self._ready.scenario.name}: {', '.join(self.sliders) or 'nothing to move'}>"


def _slider(knob: Knob) -> Any:
    return widgets.FloatSlider(
        value=float(knob.central),
        min=knob.low,
        max=knob.high,
        step=knob.step,
        readout=False,  # the field beside it says the value, and has a label
        tooltip=knob.label,
        layout={"flex": "1 1 12rem", "min_width": "8rem", "width": "auto"},
    )


def _field(knob: Knob) -> Any:
    return widgets.BoundedFloatText(
        value=float(knob.central),
        min=knob.low,
        max=knob.high,
        step=knob.step,
        description=knob.label,
        style={"description_width": "17rem"},
        layout={"flex": "0 1 25rem", "min_width": "12rem", "width": "auto"},
    )


def _dropdown(label: str, options: Sequence[Any], value: Any) -> Any:
    return widgets.Dropdown(
        options=options,
        value=value,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "auto", "max_width": "100%"},
    )


def _row(knob: Knob, slider: Any, field: Any) -> Any:
    """One number: its field and slider in a line, what it is beneath."""
    line = widgets.HBox([field, slider], layout={"flex_flow": "row wrap", "width": "100%"})
    known = f"In the file: {knob.known}."
    if knob.moves is not None:
        known += (
            f" Moved, it changes an answer in {knob.moves:.0%} of {SCREENING} sampled parameter sets (mean of all)."
        )
    if knob.note:
        known += f" Beware: {knob.note}."
    about = f"<details><summary><small>{escape(known)}</small></summary><p>{escape(knob.about)}</p></details>"
    return widgets.VBox([line, widgets.HTML(about)])


def _head(scenario: ScenarioData, moved: Sequence[Knob]) -> str:
    known = f" What was known on {scenario.as_of.isoformat()}." if scenario.as_of else ""
    if not moved:
        which = "Every number of this file is known: there is nothing to move."
    elif moved[0].moves is None:
        which = "The numbers that were named; all others stay at their central values."
    else:
        which = f"The {len(moved)} numbers that move the answers most; all others stay at their central values."
    return (
        f"{STYLE}<p><b>{escape(scenario.title or scenario.name)}</b>.{known}</p><p>{which} What follows is for one "
        "parameter set (N = 1): it says what would be, not how often. Payoffs are in each player's own points: never "
        "compare across players.</p>"
    )

"""A notebook that is ready to be run: two cells of text, and one that opens the explorer of a scenario."""

import json
from collections.abc import Mapping, Sequence
from pprint import pformat
from typing import Any

from sim.scenario.model import ScenarioData

HOW = (
    "Run the cell below (Shift+Enter), then move a number: with the mouse, or by typing into its field. What each "
    "solution concept says, the payoffs behind one equilibrium and the payoff matrices follow.\n\n"
    "Payoffs are in each player's own points: never compare across players. The page speaks of one parameter set at a "
    "time. How often something holds over all that is not known, `sim run {file}` says."
)


def explore_notebook(
    scenario: ScenarioData,
    file: str,
    *,
    numbers: Sequence[str] = (),
    concept: str | None = None,
    order: str | None = None,
    values: Mapping[str, str] | None = None,
) -> str:
    """The notebook's text (nbformat 4.5).

    Args:
        scenario: for its title.
        file: a shipped name, or a path as seen from the notebook's folder.
        numbers: to move; the five that move most where left out.
        concept: chosen at first.
        order: chosen at first.
        values: numbers to fix.
    """
    fixed = f".set(**{pformat(dict(values))})" if values else ""
    asked = [f"numbers={list(numbers)!r}"] if numbers else []
    asked += [f"{name}={value!r}" for name, value in (("concept", concept), ("order", order)) if value is not None]
    code = f"import sim\n\nscenario = sim.load({file!r}){fixed}\nsim.explore({', '.join(['scenario', *asked])})"
    cells = [
        _cell("title", "markdown", f"# {scenario.title or scenario.name}\n\n{HOW.format(file=file)}"),
        _cell("explorer", "code", code) | {"execution_count": None, "outputs": []},
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cell(name: str, kind: str, source: str) -> dict[str, Any]:
    return {"id": name, "cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}

"""Games as small HTML tables for a notebook or a page, in plain strings: no library, every label escaped."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 64  # profiles (or equilibria) listed; the rest are counted
NUMBER = re.compile(r"[-−]?[\d.,]+(e[-+]?\d+)?")
LEFT = ' style="text-align: left"'
BOX = ' class="stable" style="box-shadow: inset 0 0 0 2px currentColor"'


class Tabled(Protocol):
    """What a table shows of a game; `sim.game.game.Game` is one."""

    @property
    def title(self) -> str:
        """What the caption begins with."""

    @property
    def players(self) -> tuple[str, ...]:
        """Names."""

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Labels, one tuple a player."""

    @property
    def payoffs(self) -> NDArray[np.float64]:
        """Shape (players, n_1, ..., n_N)."""

    @property
    def exact(self) -> NDArray[np.object_]:
        """The same shape, Fractions: best responses are told by them."""


def html_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, labels: int = 1) -> str:
    """A table that may scroll sideways; the first `labels` cells of a row name it.

    Args:
        caption: text.
        head: texts, one a column.
        rows: texts, as many a row as `head` has.
        labels: cells at the left that are headings.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(head)
    numeric = [bool(column) and all(map(NUMBER.fullmatch, column)) for column in columns]
    top = "".join(_heading("col", text, "" if right else LEFT) for text, right in zip(head, numeric, strict=True))
    lines = []
    for row in rows:
        names = [_heading("row", text, LEFT) for text in row[:labels]]
        cells = [_cell(escape(text), "" if NUMBER.fullmatch(text) else LEFT) for text in row[labels:]]
        lines.append("".join([*names, *cells]))
    return framed(caption, f"<tr>{top}</tr>", lines)


def game_html(game: Tabled, titles: Mapping[str, str] | None = None, *, about: str = "") -> str:
    """A bimatrix where two play, else one row a profile.

    Args:
        game: any number of players.
        titles: player -> how to call it; the names where left out.
        about: what else the caption says, such as what is held fixed.
    """
    names = [(titles or {}).get(player, player) for player in game.players]
    return _bimatrix(game, names, about) if len(names) == 2 else _profiles(game, names, about)


def payoff_texts(own: NDArray[np.float64], *, minus: str = "−") -> NDArray[np.object_]:
    """One player's payoffs, with as many decimals as its range needs to be told apart. Same shape as `own`."""
    spread = float(np.ptp(own))
    if np.abs(own).max() >= 1e7 or 0 < spread < 1e-5:
        texts = [f"{value:.4g}" for value in own.ravel().tolist()]
    else:
        whole = bool((own == np.rint(own)).all())
        decimals = 0 if whole else min(6, max(1, 2 - floor(log10(spread)))) if spread > 0 else 2
        texts = [f"{round(value, decimals) + 0.0:.{decimals}f}" for value in own.ravel().tolist()]  # no "-0.0"
    return np.array([text.replace("-", minus) for text in texts], dtype=object).reshape(own.shape)


def signed(value: float) -> str:
    """A number in four significant digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def framed(caption: str, head: str, rows: Sequence[str]) -> str:
    """Caption, head and the insides of rows as a table; `caption` is text, the rest is HTML.

    The caption stays in view, and no wider than it, where the table scrolls.
    """
    seen = "display: inline-block; position: sticky; left: 0; max-width: min(50rem, 85vw)"
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div style="overflow-x: auto" tabindex="0" role="region" aria-label="{escape(caption.split(".")[0])}">'
        f'<table><caption style="text-align: left; caption-side: top">'
        f'<span style="{seen}">{escape(caption)}</span></caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _bimatrix(game: Tabled, names: Sequence[str], about: str) -> str:
    first, second = game.exact
    best = first == first.max(axis=0, keepdims=True), second == second.max(axis=1, keepdims=True)
    texts = [payoff_texts(own) for own in game.payoffs]
    rows = []
    for r, label in enumerate(game.actions[0]):
        cells = []
        for c in range(len(game.actions[1])):
            pair = ",&nbsp;".join(
                f"<b>{own[r, c]}*</b>" if star[r, c] else str(own[r, c]) for own, star in zip(texts, best, strict=True)
            )
            cells.append(_cell(pair, BOX if best[0][r, c] and best[1][r, c] else ""))
        rows.append(_heading("row", label, LEFT) + "".join(cells))
    columns = "".join(f'<th scope="col">{_broken(label)}</th>' for label in game.actions[1])
    head = (
        f'<tr><td></td><th scope="colgroup"{LEFT} colspan="{len(game.actions[1])}">{escape(names[1])} chooses</th></tr>'
        f'<tr><th scope="col"{LEFT}>{escape(names[0])} chooses</th>{columns}</tr>'
    )
    caption = f"{game.title}. Each cell: payoff of {names[0]}, payoff of {names[1]}"
    return framed(f"{caption}; * best response; boxed: pure Nash equilibrium.{' ' if about else ''}{about}", head, rows)


def _profiles(game: Tabled, names: Sequence[str], about: str) -> str:
    texts = [payoff_texts(own) for own in game.payoffs]
    shape = game.payoffs.shape[1:]
    rows = []
    for index in list(np.ndindex(*shape))[:MOST_ROWS]:
        actions = [own[k] for own, k in zip(game.actions, index, strict=True)]
        rows.append([*actions, *(str(own[index]) for own in texts)])
    hidden = int(np.prod(shape)) - len(rows)
    more = f" {len(rows)} of {len(rows) + hidden} profiles are shown." if hidden else ""
    head = [*names, *(f"payoff of {name}" for name in names)]
    caption = f"{game.title}. Each player's payoffs are in its own points.{more}{' ' if about else ''}{about}"
    return html_table(caption, head, rows, labels=len(names))


def _heading(scope: str, text: str, attributes: str = "") -> str:
    return f'<th scope="{scope}"{attributes}>{escape(text)}</th>'


def _cell(inner: str, attributes: str = "") -> str:
    return f"<td{attributes}>{inner}</td>"


def _broken(label: str) -> str:
    """A label of several moves, one a line."""
    return escape(label).replace(" ", "<br>") if "=" in label else escape(label)

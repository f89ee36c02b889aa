"""The headline table: shares of sampled parameter sets, beside two placebos and three other readings of the ranges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from sim.analysis.bounds import events_meant
from sim.analysis.placebo import coin_rows, shuffled_rows
from sim.game.plain_html import html_table
from sim.scenario.distributions import is_fixed
from sim.scenario.model import ScenarioData
from sim.scenario.versions import with_ranges, with_uniforms
from sim.solvers.concepts import Request
from sim.sweeps.run import Progress, Rows, all_rows, make_engine, shares
from sim.sweeps.status import STATUSES, Share


@dataclass(frozen=True, slots=True)
class HeadlineRow:
    """What one concept (and order) says of one event, and what the same form of game says without the article."""

    share: Share
    shuffled: Share  # each player's weights permuted among its interests, signs kept
    coin: Share  # independent payoffs
    robust: bool  # the same status is the largest in the table itself and in all variants
    variants: Mapping[str, Share]  # "halved", "doubled", "uniform"

    def to_dict(self) -> dict[str, Any]:
        """A row of `summary.json`."""
        placebo = {"shuffled": self.shuffled.shares(), "coin": self.coin.shares()}
        variants = {name: own.shares() for name, own in self.variants.items()}
        row = self.share.to_dict()
        return row | {"placebo": placebo, "robust": self.robust, "variants": variants}


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """The table of `sim run`, with the rows of the main sweep for what is computed from them."""

    rows: tuple[HeadlineRow, ...]
    draws: int
    seed: int
    rows_of_main: Rows
    events: tuple[str, ...]  # all events of the scenario: the first axis of every `status` in `rows_of_main`
    shuffling: str = "weights"  # what the first placebo moves: "weights", "payoffs" of a table, or "nothing"

    def first_draws(self, share: Share) -> dict[str, int | None]:
        """For a row of the table the first draw with each status, by number; None where there is none."""
        codes = self.rows_of_main.concepts[Request(share.concept, share.order)].status[self.events.index(share.event)]
        found = {status: np.flatnonzero(codes == code) for code, status in enumerate(STATUSES)}
        start = self.rows_of_main.start
        return {status: start + int(draws[0]) if len(draws) else None for status, draws in found.items()}

    def to_dict(self) -> dict[str, Any]:
        """The table in plain words and numbers; the rows of the sweep stay out."""
        return {"draws": self.draws, "seed": self.seed, "rows": [row.to_dict() for row in self.rows]}

    def _repr_html_(self) -> str:
        rows = []
        for row in self.rows:
            numbers = [*row.share.shares().values(), row.shuffled.lower, row.coin.lower]
            texts = [f"{number:.3f}" for number in numbers]
            rows.append([row.share.row, row.share.event, *texts, "yes" if row.robust else "no"])
        head = ["concept", "event", *STATUSES, "always, weights shuffled", "always, payoffs by coin", "range-robust"]
        return html_table(f"Shares of {self.draws:,} sampled parameter sets.", head, rows, labels=2)

    def __repr__(self) -> str:
        robust = sum(row.robust for row in self.rows)
        return f"<Headline: {len(self.rows)} rows of {self.draws} draws, {robust} robust>"


def headline(
    scenario: ScenarioData,
    *,
    requests: Sequence[Request],
    events: Sequence[str] | None = None,
    draws: int,
    seed: int,
    progress: Progress | None = None,
) -> Headline:
    """Sweep the scenario, its two placebos and three other readings of its ranges, on the same uniform numbers.

    Args:
        scenario: checked data.
        requests: rows, from `requests_for`.
        events: names; the headline events where left out.
        draws: of each of the six sweeps.
        seed: of all streams.
        progress: told of draws done in all six sweeps.
    """
    meant = events_meant(scenario, events)
    engine = make_engine(scenario, requests)
    report = _Counter(progress, 6 * draws)
    main = all_rows(engine, draws, seed, progress=report.part(0))
    tables = {"main": shares(engine, main)}
    readings = {
        "halved": with_ranges(scenario, Fraction(1, 2)),
        "doubled": with_ranges(scenario, Fraction(2)),
        "uniform": with_uniforms(scenario),
    }
    for k, (name, version) in enumerate(readings.items(), start=1):
        other = make_engine(version, requests)
        tables[name] = shares(other, all_rows(other, draws, seed, progress=report.part(k * draws)))
    tables["shuffled"] = shares(engine, shuffled_rows(engine, draws, seed))
    report.at(5 * draws)
    tables["coin"] = shares(engine, coin_rows(engine, draws, seed))
    report.at(6 * draws)
    rows = [_row({name: table[k] for name, table in tables.items()}) for k in range(len(tables["main"]))]
    kept = sorted((row for row in rows if row.share.event in meant), key=lambda row: _place(row.share, requests, meant))
    return Headline(tuple(kept), draws, seed, main, engine.events, what_shuffling_moves(scenario))


def what_shuffling_moves(scenario: ScenarioData) -> str:
    """ "payoffs" of a table; "weights" where some player has two that may differ in size; else "nothing"."""
    if scenario.table is not None:
        return "payoffs"
    for player in scenario.players:
        own = [one.weight for one in scenario.interests if one.player == player.name]
        sizes = {abs(one.numbers[0]) for one in own if is_fixed(one)} - {0}
        uncertain = sum(not is_fixed(one) for one in own)
        if len(sizes) > 1 or uncertain > 1 or (uncertain and sizes):
            return "weights"
    return "nothing"


def _row(own: Mapping[str, Share]) -> HeadlineRow:
    variants = {name: own[name] for name in ("halved", "doubled", "uniform")}
    robust = all(variant.modal == own["main"].modal for variant in variants.values())
    return HeadlineRow(own["main"], own["shuffled"], own["coin"], robust, variants)


def _place(share: Share, requests: Sequence[Request], events: Sequence[str]) -> tuple[int, int]:
    """Rows stand by concept and order as asked, then by event as asked."""
    return requests.index(Request(share.concept, share.order)), events.index(share.event)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Progress of several sweeps as one."""

    progress: Progress | None
    total: int

    def at(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, self.total)

    def part(self, before: int) -> Progress:
        return lambda done, _: self.at(before + done)

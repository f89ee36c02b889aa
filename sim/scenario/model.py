"""What a scenario file says, checked: frozen data, numbers as the exact rationals that are written, no arrays."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from sim.scenario.formula import Node

Kind = Literal["fixed", "uniform", "triangular", "pert", "normal", "lognormal", "beta", "choice", "ranked"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known of one number. `central`, `support` and variants of it are in `distributions.py`.

    `numbers` are, by kind: fixed (x); uniform (lo, hi); triangular and pert (lo, mode, hi); normal (mean, sd);
    lognormal (median, sigma); beta (a, b); choice: the values; ranked: (place, of how many, total), place from 0.
    """

    kind: Kind
    numbers: tuple[Fraction, ...]
    shares: tuple[Fraction, ...] = ()  # choice only; they add to 1
    within: tuple[Fraction, Fraction] | None = None  # normal only: truncated to it


@dataclass(frozen=True, slots=True)
class Move:
    """One choice of one player; its options are a ladder: later means more."""

    name: str
    player: str
    options: tuple[str, ...]
    allowed: tuple[int, ...]  # ranks that may be chosen here, ascending; all of them without `[allow]`


@dataclass(frozen=True, slots=True)
class Player:
    """A decision maker, or (without moves) an observer."""

    name: str  # short, as in formulas: RU
    title: str  # as people say it: Russia
    moves: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An uncertain number with its unit and the claims that it rests on."""

    name: str
    value: Distribution
    unit: str = ""
    about: str = ""
    rests_on: tuple[str, ...] = ()
    without: Fraction | None = None  # its value where a claim that it rests on is dropped


@dataclass(frozen=True, slots=True)
class Event:
    """A true or false statement about a profile."""

    name: str
    formula: Node
    text: str
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """A quantity of a profile, in its own unit; `swing` is the amount that counts as 1."""

    name: str
    formula: Node
    text: str
    unit: str = ""
    swing: Fraction = Fraction(1)
    incentive: str = ""
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interest:
    """What one swing of a stake is worth to a player (or an observer), in that player's own points."""

    player: str
    stake: str
    weight: Distribution
    about: str = ""
    rests_on: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The weight's name in `--set`, `correlated` and tables: `RU.shells`."""
        return f"{self.player}.{self.stake}"


@dataclass(frozen=True, slots=True)
class Slice:
    """A two-player game inside the big one; "each" in the file has become one slice an option already."""

    name: str
    rows: tuple[str, ...]  # moves of one player, in the order of the file
    columns: tuple[str, ...]
    row_player: str
    column_player: str
    given: Mapping[str, int]  # every other move -> rank
    about: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A protocol: each element is a move, or moves made at the same time; all earlier ones are seen by all."""

    name: str
    elements: tuple[tuple[str, ...], ...]
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bargaining:
    """Two players share out what their joint actions can bring, all else given; without agreement, `disagreement`."""

    name: str
    between: tuple[str, str]
    given: Mapping[str, int]  # every move of everyone else -> rank
    disagreement: Mapping[str, int]  # every move of the two -> rank
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """A stage game played again and again: cooperation, held up by the threat of punishment for good."""

    name: str
    players: tuple[str, str]
    cooperate: Mapping[str, int]  # every move -> rank: what is left out stands as in [status_quo], else lowest
    punish: Mapping[str, int]
    ends: str  # the parameter that is the chance, each time, that there is no next time
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlayerType:
    """What one player alone may know about itself: some parameters take other values."""

    player: str
    name: str
    share: Fraction
    set: Mapping[str, Fraction]  # parameter -> value
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correlated:
    """Spearman's rank correlation between each pair of `of`, through a Gaussian copula."""

    of: tuple[str, ...]  # parameters, or weights as `RU.shells`
    rho: Fraction
    about: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Weights of one player known only in their order: uniform over all that keep it and add to `total`."""

    of: tuple[str, ...]  # weights as `US.shells`, greatest first
    total: Fraction
    signs: tuple[int, ...]  # +1 or -1 for each, as its interest declares


@dataclass(frozen=True, slots=True)
class Index:
    """Minus the payoff of `of`, 0 to 100 over the profiles of the central game."""

    name: str
    of: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """A published answer that `sim check` verifies."""

    concept: str
    source: str
    line: int
    file: str
    equilibria: tuple[Mapping[str, tuple[Fraction, ...]], ...] | None = None  # player -> shares of its actions
    status: Mapping[str, str] = field(default_factory=dict)  # event -> one of the six statuses
    order: str | None = None
    set: Mapping[str, Fraction] = field(default_factory=dict)
    only: bool = True  # False: the listed equilibria are among those found
    bargaining: str | None = None  # which [bargaining.X]
    gains: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)  # bargaining: solution -> gains of the two
    patience: Mapping[str, Fraction] = field(default_factory=dict)  # repeated: name -> least patience
    bounds: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)  # correlated: event -> least, greatest
    shares: Mapping[str, Fraction] = field(default_factory=dict)  # event -> its share under every equilibrium found
    within: Fraction | None = None  # how far each number may be off, where the source rounds; None: not at all


@dataclass(frozen=True, slots=True)
class GameFile:
    """A game file that holds a scenario's payoffs, and the place that names it."""

    key: str  # "table": a strategic game, "tree": one in extensive form
    path: str
    named_in: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PayoffTable:
    """Payoffs given profile by profile: one tree for each player and profile, last move fastest."""

    cells: Mapping[str, tuple[Node, ...]]  # player or observer -> one formula a profile
    ordinal: bool = False
    file: GameFile | None = None  # where the cells are still to be read; the floor of games reads them


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the source, in our own words."""

    id: str
    text: str
    voice: str = ""
    source_type: str = ""
    implied: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioData:
    """Everything that a scenario file (with the files it extends) says. Order is the order of the file."""

    name: str
    title: str
    about: str
    as_of: datetime.date | None
    path: str
    decides: str | None
    headline: tuple[str, ...]
    players: tuple[Player, ...]
    observers: tuple[Player, ...]
    moves: tuple[Move, ...]  # the axes of every tensor, in this order
    events: tuple[Event, ...]
    parameters: tuple[Parameter, ...]
    stakes: tuple[Stake, ...]  # in an order in which each uses only earlier ones
    interests: tuple[Interest, ...]  # in the order of the file, players and observers
    table: PayoffTable | None  # instead of stakes and interests
    slices: tuple[Slice, ...]
    orders: tuple[Order, ...]
    correlated: tuple[Correlated, ...]
    ranked: tuple[Ranked, ...]
    coalitions: tuple[tuple[str, ...], ...] | None  # None: any
    indices: tuple[Index, ...]
    expect: tuple[Expect, ...]
    claims: Mapping[str, Claim]
    resolved: str  # the whole file after `extends`, in one canonical form; its hash names the scenario
    warnings: tuple[str, ...] = ()  # notes of the reader, each with file:line:column
    bargaining: tuple[Bargaining, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    types: tuple[PlayerType, ...] = ()  # of one player side by side, in the order of the file
    status_quo: Mapping[str, int] = field(default_factory=dict)  # move -> rank; moves may be missing
    threshold: str | None = None  # the number whose thresholds `sim run` draws; else the one that moves most
    graph: Mapping[str, tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    """Move -> for each rank the ranks that may follow it; a move that is not there changes freely."""

    def move(self, name: str) -> Move:
        """The move of that name."""
        return next(move for move in self.moves if move.name == name)

    def titles(self) -> dict[str, str]:
        """Player or observer -> name as people say it."""
        return {one.name: one.title or one.name for one in (*self.players, *self.observers)}

    def distributions(self) -> dict[str, Distribution]:
        """Every number by name, parameters first and then weights, in file order."""
        numbers = {parameter.name: parameter.value for parameter in self.parameters}
        return numbers | {interest.name: interest.weight for interest in self.interests}

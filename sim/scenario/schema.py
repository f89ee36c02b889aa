"""The shape of a scenario file, as pydantic models: which keys there are, and what kind of value each takes.

Shape only: names, references and ranges are checked by the reader's rooms, over the whole file. The JSON Schema for
editors is written from these models.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim.scenario.distributions import KINDS
from sim.scenario.numbers import Unreadable, fraction


def check_number(value: object) -> object:
    """A finite decimal or integer; the messages are the user's."""
    if isinstance(value, Unreadable):
        raise PydanticCustomError("number", "this number {why}", {"why": value.why})
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number", "a number is needed here")
    if isinstance(value, int) and abs(value) > 10**60:
        raise PydanticCustomError("number", "this number has more than 60 digits")
    return value


def check_exact(value: object) -> object:
    """A number, or a fraction in quotes."""
    if isinstance(value, str):
        if fraction(value) is None:
            raise PydanticCustomError("number", "a number is needed here, or a fraction in quotes such as '1/3'")
        return value
    return check_number(value)


def check_cell(value: object) -> object:
    """A payoff: a number, a fraction, or a formula in quotes; checked as a formula later."""
    return value if isinstance(value, str) else check_number(value)


def check_name(value: object) -> object:
    """A text, as a name must be."""
    if not isinstance(value, str):
        raise PydanticCustomError("text", "a text in quotes is needed here")
    return value


NUMBER_SCHEMA = {"type": "number"}
TEXT_SCHEMA = {"type": "string"}
Number = Annotated[Any, PlainValidator(check_number), WithJsonSchema(NUMBER_SCHEMA)]
Exact = Annotated[Any, PlainValidator(check_exact), WithJsonSchema({"anyOf": [NUMBER_SCHEMA, TEXT_SCHEMA]})]
Cell = Annotated[Any, PlainValidator(check_cell), WithJsonSchema({"anyOf": [NUMBER_SCHEMA, TEXT_SCHEMA]})]
Text = Annotated[Any, PlainValidator(check_name), WithJsonSchema(TEXT_SCHEMA)]
Pair = Annotated[list[Number], Field(min_length=2, max_length=2)]
Triple = Annotated[list[Number], Field(min_length=3, max_length=3)]


class Shape(BaseModel):
    """A table: no unknown key, no conversion, prose and claims welcome."""

    model_config = ConfigDict(strict=True, extra="forbid")

    about: Text = ""
    rests_on: list[Text] = []


class Bare(BaseModel):
    """A distribution: one key that names its kind."""

    model_config = ConfigDict(strict=True, extra="forbid")


class FixedShape(Bare):
    """A known number."""

    fixed: Number


class UniformShape(Bare):
    """Anything between two ends, evenly."""

    uniform: Pair


class TriangularShape(Bare):
    """A triangle over lo, mode, hi."""

    triangular: Triple


class PertShape(Bare):
    """A smooth hump over lo, mode, hi."""

    pert: Triple


class NormalShape(Bare):
    """Mean and standard deviation, truncated where `within` says so."""

    normal: Pair
    within: Pair | None = None


class LognormalShape(Bare):
    """Median, and the standard deviation of the logarithm."""

    lognormal: Pair


class BetaShape(Bare):
    """A share, by its two counts."""

    beta: Pair


class ChoiceTable(Bare):
    """A few values and their shares."""

    values: list[Number]
    shares: list[Exact]


class ChoiceShape(Bare):
    """One of a few values."""

    choice: ChoiceTable


def distribution_kind(value: object) -> str | None:
    """The tag of a distribution: which single kind its table names."""
    if not isinstance(value, dict):
        return "number"
    kinds = [kind for kind in KINDS if kind in value]
    return kinds[0] if len(kinds) == 1 else None


DistributionShape = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[FixedShape, Tag("fixed")]
    | Annotated[UniformShape, Tag("uniform")]
    | Annotated[TriangularShape, Tag("triangular")]
    | Annotated[PertShape, Tag("pert")]
    | Annotated[NormalShape, Tag("normal")]
    | Annotated[LognormalShape, Tag("lognormal")]
    | Annotated[BetaShape, Tag("beta")]
    | Annotated[ChoiceShape, Tag("choice")],
    Discriminator(distribution_kind),
]


class ScenarioShape(Shape):
    """[scenario]: what the file is."""

    name: Text = ""
    title: Text = ""
    as_of: datetime.date | None = None
    claims: Text | None = None
    extends: Text | None = None
    remove: list[Text] = []
    decides: Text | None = None
    threshold: Text | None = None
    headline: list[Text] | None = None


class PlayerShape(Shape):
    """[players.X]: a decision maker and its moves."""

    name: Text = ""
    moves: dict[str, list[Text]] = {}


class ObserverShape(Shape):
    """[observers.X]: payoffs without moves."""

    name: Text = ""


class EventShape(Shape):
    """An event as a table, where it carries prose or claims."""

    value: Text


class ParameterShape(Shape):
    """[parameters.x]."""

    value: DistributionShape
    unit: Text = ""
    without: Number | None = None


class StakeShape(Shape):
    """[stakes.x]."""

    value: Cell
    unit: Text = ""
    swing: Number = 1
    incentive: Text = ""


class InterestShape(Shape):
    """[interests.X.stake]."""

    weight: DistributionShape


def _text_or_table(value: object) -> str:
    return "table" if isinstance(value, dict) else "text"


EventEntry = Annotated[
    Annotated[Text, Tag("text")] | Annotated[EventShape, Tag("table")], Discriminator(_text_or_table)
]


def _text_or_list(value: object) -> str:
    return "list" if isinstance(value, list) else "text"


Together = Annotated[Annotated[Text, Tag("text")] | Annotated[list[Text], Tag("list")], Discriminator(_text_or_list)]


class SliceShape(Shape):
    """[slices.x]: a two-player game inside the big one."""

    rows: Together
    columns: Together
    given: dict[str, Text] = {}


class OrderShape(Shape):
    """[orders.x]: who moves when."""

    moves: list[Together]


class CorrelatedShape(Shape):
    """[[correlated]]."""

    of: Annotated[list[Text], Field(min_length=2)]
    rho: Number


class RankedShape(Shape):
    """[[ranked]]: weights of one player known only in their order."""

    of: Annotated[list[Text], Field(min_length=2)]
    total: Number


class CoalitionsShape(Shape):
    """[coalitions]."""

    may: list[list[Text]] | None = None


class TypeShape(Shape):
    """[types.X.name]: what a player alone may know about itself."""

    share: Exact
    set: dict[str, Number] = {}


class BargainingShape(Shape):
    """[bargaining.x]."""

    between: Annotated[list[Text], Field(min_length=2, max_length=2)]
    given: dict[str, Text] = {}
    disagreement: dict[str, Text] = {}


class RepeatedShape(Shape):
    """[repeated.x]."""

    players: Annotated[list[Text], Field(min_length=2, max_length=2)]
    cooperate: dict[str, Text]
    punish: dict[str, Text]
    ends: Text


class IndexShape(Shape):
    """[indices.x]."""

    of: Text


class ExpectShape(Shape):
    """[[expect]]: a published answer."""

    concept: Text
    source: Text
    equilibria: list[dict[str, list[Exact]]] | None = None
    status: dict[str, Literal["always", "sometimes", "never", "none", "open", "unsolved"]] = {}
    shares: dict[str, Exact] = {}
    order: Text | None = None
    set: dict[str, Exact] = {}
    only: bool = True
    within: Number | None = None
    bargaining: Text | None = None
    gains: dict[str, list[Exact]] = {}
    patience: dict[str, Exact] = {}
    bounds: dict[str, list[Exact]] = {}


class PayoffsShape(BaseModel):
    """[payoffs]: a number, a fraction or a formula for each profile; the arrays nest in the order of the moves."""

    model_config = ConfigDict(strict=True, extra="allow")

    about: Text = ""
    rests_on: list[Text] = []
    ordinal: bool = False
    table: Text | None = None
    tree: Text | None = None


class FileShape(BaseModel):
    """A whole scenario file; `about` and `rests_on` of named tables are taken out before."""

    model_config = ConfigDict(strict=True, extra="forbid")

    scenario: ScenarioShape
    players: dict[str, PlayerShape] = {}
    observers: dict[str, ObserverShape] = {}
    events: dict[str, EventEntry] = {}
    parameters: dict[str, ParameterShape] = {}
    stakes: dict[str, StakeShape] = {}
    interests: dict[str, dict[str, InterestShape]] = {}
    payoffs: PayoffsShape | None = None
    slices: dict[str, SliceShape] = {}
    orders: dict[str, OrderShape] = {}
    correlated: list[CorrelatedShape] = []
    ranked: list[RankedShape] = []
    allow: dict[str, list[Text]] = {}
    coalitions: CoalitionsShape | None = None
    types: dict[str, dict[str, TypeShape]] = {}
    bargaining: dict[str, BargainingShape] = {}
    repeated: dict[str, RepeatedShape] = {}
    indices: dict[str, IndexShape] = {}
    status_quo: dict[str, Text] = {}
    graph: dict[str, dict[str, list[Text]]] = {}
    expect: list[ExpectShape] = []

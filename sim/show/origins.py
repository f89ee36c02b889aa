"""Where each number comes from, as tables of text: parameters, weights, the claims behind them and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sim.scenario.distributions import central
from sim.scenario.model import Claim, Distribution, ScenarioData


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A parameter: what is known of it, and why."""

    name: str
    known: str
    central: str
    unit: str
    about: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of a payoff: weight * stake / swing."""

    stake: str
    incentive: str
    weight: str
    swing: str
    unit: str
    formula: str
    about: str  # of the stake, then of the weight
    claims: tuple[str, ...]  # of the interest, then of the stake


@dataclass(frozen=True, slots=True)
class HelperRow:
    """A quantity that no one weighs: a step on the way to stakes."""

    stake: str
    unit: str
    formula: str
    about: str


def parameter_rows(scenario: ScenarioData) -> list[NumberRow]:
    """Every parameter, in the order of the file."""
    return [
        NumberRow(
            own.name, known_text(own.value), written(central(own.value)), own.unit, own.about, tuple(own.rests_on)
        )
        for own in scenario.parameters
    ]


def term_rows(scenario: ScenarioData) -> dict[str, list[TermRow]]:
    """Player or observer -> the terms of its payoff, in the order of the file."""
    stakes = {stake.name: stake for stake in scenario.stakes}
    rows: dict[str, list[TermRow]] = {}
    for interest in scenario.interests:
        stake = stakes[interest.stake]
        rows.setdefault(interest.player, []).append(
            TermRow(
                stake=stake.name,
                incentive=stake.incentive,
                weight=known_text(interest.weight),
                swing=written(stake.swing),
                unit=stake.unit,
                formula=stake.text,
                about=" ".join(text for text in (stake.about, interest.about) if text),
                claims=tuple(dict.fromkeys([*interest.rests_on, *stake.rests_on])),
            )
        )
    return rows


def helper_rows(scenario: ScenarioData) -> list[HelperRow]:
    """The stakes that others use and no one weighs."""
    weighed = {interest.stake for interest in scenario.interests}
    return [HelperRow(own.name, own.unit, own.text, own.about) for own in scenario.stakes if own.name not in weighed]


def cited_claims(scenario: ScenarioData) -> Mapping[str, Claim]:
    """The claims that some number, stake or weight rests on, in the order of the register."""
    cited = {
        claim
        for group in (scenario.parameters, scenario.stakes, scenario.interests)
        for own in group
        for claim in own.rests_on
    }
    return {name: claim for name, claim in scenario.claims.items() if name in cited}


def known_text(known: Distribution) -> str:
    """What is known of a number, in words: `8 to 75, likeliest 25`."""
    numbers = [written(number) for number in known.numbers]
    match known.kind:
        case "uniform":
            return f"{numbers[0]} to {numbers[1]}, all alike"
        case "triangular" | "pert":
            return f"{numbers[0]} to {numbers[2]}, likeliest {numbers[1]}"
        case "normal":
            cut = f", within {written(known.within[0])} to {written(known.within[1])}" if known.within else ""
            return f"about {numbers[0]}, standard deviation {numbers[1]}{cut}"
        case "lognormal":
            return f"above 0, median {numbers[0]}, log-spread {numbers[1]}"
        case "beta":
            return f"0 to 1, beta({numbers[0]}, {numbers[1]})"
        case "choice":
            shares = (written(share) for share in known.shares)
            return "; ".join(f"{number} in {share} of draws" for number, share in zip(numbers, shares, strict=True))
        case "ranked":
            return f"number {int(known.numbers[0]) + 1} of {numbers[1]} in order, {numbers[2]} in all"
    return f"{numbers[0]}, known"


def written(value: Fraction) -> str:
    """A rational as the file would write it: all digits of a short decimal, else a fraction."""
    for digits in range(7):
        if (value * 10**digits).denominator == 1:
            return f"{float(value):.{digits}f}".replace("-", "−")
    return str(value).replace("-", "−")

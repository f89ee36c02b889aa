"""Where solvers disagree: named games, fourteen ways to solve them, and an exact account to hold them against.

Run: python -m benchmarks.where_solvers_disagree. Writes docs/where-solvers-disagree.md. Every tool is given the same
payoffs, as they are written, with its own defaults, in a process of its own that is stopped after some seconds a game.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.exact_truth import Truth
from benchmarks.tools_compared import TOOLS, Profiles, Tensor, Tool, Worker, tensor_of, versions

PAGE = Path(__file__).resolve().parent.parent / "docs" / "where-solvers-disagree.md"
SECONDS = 10.0
SEED = 1
NEAR = 1e-5  # published shares of the four-player game have six digits

Profile = tuple[tuple[Fraction | float, ...], ...]


@dataclass(frozen=True)
class Known:
    """A game with its equilibria: those that a complete list must hold, and a test of any other."""

    name: str
    tensor: Tensor
    equilibria: Sequence[Profile]
    holds: Callable[[Sequence[Sequence[float]]], bool]


def two(name: str, A: Sequence[Sequence[object]], B: Sequence[Sequence[object]]) -> Known:
    tensor = tensor_of(A, B)
    truth = Truth(tensor[0].tolist(), tensor[1].tolist())
    return Known(name, tensor, truth.equilibria, lambda profile: truth.holds(*profile))


def listed(name: str, tensor: Tensor, first: Sequence[Sequence[Fraction | float]]) -> Known:
    """A game of two actions each whose equilibria are published, as probabilities of the first action."""
    profiles = [tuple((p, 1 - p) for p in one) for one in first]
    return Known(name, tensor, profiles, lambda profile: any(near(profile, other) for other in profiles))


def near(one: Sequence[Sequence[float]], other: Profile) -> bool:
    return all(
        len(own) == len(theirs) and max(abs(float(a) - float(b)) for a, b in zip(own, theirs, strict=True)) <= NEAR
        for own, theirs in zip(one, other, strict=True)
    )


def by_first_player(rows: Sequence[Sequence[object]], players: int) -> Tensor:
    """Payoff tuples in the order of the papers, the first player's action fastest."""
    cells = [[Fraction(str(value)) for value in row] for row in rows]
    return np.array([np.array(own, dtype=object).reshape((2,) * players).T for own in zip(*cells, strict=True)])


CHICKEN = ([[3, 2], [4, 1]], [[3, 4], [2, 1]])
BILLION = 10**9

FOUR = (
    (1.131, 1.210, 2.426, 2.429), (4.225, 5.277, 4.837, 5.645), (4.452, 4.549, 1.655, 1.347),
    (7.566, 4.655, 7.076, 4.423), (1.223, 1.358, 2.234, 2.238), (4.483, 5.764, 4.995, 5.754),
    (4.564, 4.326, 1.762, 1.576), (7.247, 4.943, 7.362, 4.382), (2.326, 2.422, 3.222, 3.024),
    (1.478, 2.544, 1.973, 7.486), (2.747, 2.243, 3.518, 3.062), (1.759, 2.705, 1.735, 4.043),
    (5.255, 5.334, 2.643, 2.873), (4.383, 1.436, 4.864, 5.267), (5.634, 5.675, 2.455, 6.523),
    (4.642, 1.897, 4.042, 3.830),
)  # fmt: skip
TWO_CUBED = ((9, 8, 12), (0, 0, 0), (0, 0, 0), (9, 8, 2), (0, 0, 0), (3, 4, 6), (3, 4, 6), (0, 0, 0))


def shifted(by: int, scale: int = 1) -> tuple[list[list[int]], list[list[int]]]:
    return tuple([[by + scale * value for value in row] for row in own] for own in CHICKEN)  # type: ignore[return-value]


def two_player_games() -> list[Known]:
    """Named games, nondegenerate ones first."""
    return [
        two("3x2, nondegenerate (von Stengel 2007)", [[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]),
        two("3x2 with one tie (von Stengel 2007)", [[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
        two("3x2 with one tie (Avis et al. 2010)", [[0, 6], [2, 5], [3, 3]], [[1, 0], [0, 2], [4, 4]]),
        two("chicken", *CHICKEN),
        two("chicken, times a billion", *shifted(0, BILLION)),
        two("chicken, plus a billion", *shifted(BILLION)),
        two("chicken, plus 10^15", *shifted(10**15)),
        two("two identical rows", [[3, 2], [3, 2], [4, 1]], [[3, 4], [3, 4], [2, 1]]),
        two("one player has one action", [[1], [1], [0]], [[2], [3], [4]]),
        two("nothing matters, 2x2", [[0, 0], [0, 0]], [[0, 0], [0, 0]]),
        two("a square of equilibria", [[1, 1, 0], [1, 1, 0], [0, 0, 1]], [[1, 1, 0], [1, 1, 0], [0, 0, 1]]),
        two("coordination on a million, 1 or 2", *[[[10**6, 0, 0], [0, 1, 0], [0, 0, 2]]] * 2),
        two("coordination, 5x5", *[np.eye(5, dtype=int).tolist()] * 2),
    ]


def larger_games() -> list[Known]:
    """Three and four players."""
    half, third, quarter = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)
    two_fifths = Fraction(2, 5)
    nine = [
        *((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, quarter, third), (third, 1, quarter), (half, half, 1)),
        *((two_fifths, half, third), (half, two_fifths, quarter)),
    ]
    four = [(0, 1, 0, 1), (1, 1, 1, 0), (0.100382, 0, 0, 0.269932)]
    A, B = (np.array(own, dtype=object) for own in CHICKEN)
    with_bystander = tensor_of(*([np.stack([own, own], axis=2) for own in (A, B)] + [np.zeros((2, 2, 2), dtype=int)]))
    corners = [(x, y, z) for x, y in ((1, 0), (Fraction(1, 2), Fraction(1, 2)), (0, 1)) for z in (1, 0)]
    bystander = listed("chicken beside one who does not care", with_bystander, corners)
    return [
        listed("2x2x2 with nine equilibria (McKelvey & McLennan 1997)", by_first_player(TWO_CUBED, 3), nine),
        listed("2x2x2x2 with three equilibria", by_first_player(FOUR, 4), four),
        Known(
            bystander.name, with_bystander, bystander.equilibria,
            lambda profile: any(near(profile[:2], other[:2]) for other in bystander.equilibria),
        ),
    ]  # fmt: skip


def sample(m: int, n: int, games: int) -> list[Known]:
    """Integers from -2 to 2, so that ties abound."""
    source = random.Random(f"{SEED} {m} {n}")
    draw = lambda: [[source.randint(-2, 2) for _ in range(n)] for _ in range(m)]  # noqa: E731
    return [two(f"{m}x{n}", draw(), draw()) for _ in range(games)]


def verdict(tool: Tool, game: Known, said: dict) -> str:
    """One cell: what a tool made of a game."""
    if said.get("late"):
        return "no end"
    if said["error"]:
        return "error" if said["error"] != "crash" else "crash"
    profiles: Profiles = said["profiles"]
    sizes = game.tensor.shape[1:]
    finite = [one for one in profiles if tuple(map(len, one)) == sizes and all(np.isfinite(own).all() for own in one)]
    wrong = len(profiles) - len(finite) + sum(not game.holds(one) for one in finite)
    if tool.promise == "one":
        text = "right" if profiles and not wrong else f"{wrong} wrong" if wrong else "none"
    else:
        total = len(game.equilibria)
        got = sum(any(near(one, other) for one in finite) for other in game.equilibria)
        text = f"{got} of {total}" if got < total else f"all {total}"
        text += f", {wrong} wrong" if wrong else ""
    return text + (" (warns)" if said["warned"] and (not text.startswith(("all", "right"))) else "")


def asked_of(tool: Tool, game: Known) -> bool:
    return tool.players == "any" or game.tensor.shape[0] == 2


def summary(tool: Tool, cells: Sequence[str]) -> str:
    """Of a sample: in how many games the tool is right, and what happens in the others."""
    kinds = Counter(
        "right" if (cell.startswith("all") and "wrong" not in cell) or cell == "right"
        else "wrong" if "wrong" in cell
        else cell if cell in ("error", "no end", "crash", "none")
        else "misses"
        for cell in cells
    )  # fmt: skip
    rest = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()) if kind != "right")
    return f"right in {kinds['right']}" + (f"; {rest}" if rest else "")


def page(games: int, seconds: float) -> str:
    named, many = two_player_games(), larger_games()
    samples = {f"{m}x{n}": sample(m, n, games) for m, n in ((3, 3), (4, 4))}
    rows: dict[str, list[str]] = {}
    totals: dict[str, list[str]] = {}
    for tool in TOOLS:
        worker = Worker(tool, seconds)
        try:
            rows[tool.name] = [
                verdict(tool, game, worker.ask(game.tensor)) if asked_of(tool, game) else "" for game in (*named, *many)
            ]
            totals[tool.name] = [
                summary(tool, [verdict(tool, game, worker.ask(game.tensor)) for game in group])
                for group in samples.values()
            ]
        finally:
            worker.close()
        print(f"{tool.name}: {rows[tool.name]} {totals[tool.name]}", flush=True)
    everyone, names, cut = list(rows.items()), [game.name for game in named], len(named)
    all_of_them, one_of_them = (
        [(tool.name, rows[tool.name]) for tool in TOOLS if tool.promise == promise] for promise in ("all", "one")
    )
    return (
        "\n\n".join(
            [
                "# Where solvers disagree",
                INTRODUCTION.format(versions=versions(), seconds=f"{seconds:g}"),
                "## Two players: tools that promise all equilibria",
                table(names, [(name, own[:cut]) for name, own in all_of_them]),
                "## Two players: tools that promise one equilibrium",
                table(names, [(name, own[:cut]) for name, own in one_of_them]),
                "## Three and four players",
                table([game.name for game in many], [(name, own[cut:]) for name, own in everyone if any(own[cut:])]),
                BYSTANDER,
                f"## {games} games of each size with payoffs from -2 to 2",
                f"Drawn with seed {SEED}; nearly all have ties. A tool that promises all equilibria is right where it\n"
                "finds every one and invents none; one that promises one, where what it returns is an equilibrium.",
                sample_table(list(samples), totals),
            ]
        )
        + "\n"
    )


INTRODUCTION = """Written by `python -m benchmarks.where_solvers_disagree` with {versions}.
Every tool gets the same payoffs, with its own defaults; *nashpy vertex, mapped* gets each player's payoffs mapped to
[1, 2] first, which changes no equilibrium and is what `sim` does in its slices. Two-player games are held against every
square system solved in fractions (`benchmarks/exact_truth.py`, which shares no line with the package); the games of
three and four players against published lists.

*all 3*: the three extreme equilibria, and nothing that is no equilibrium. *2 of 3*: one is missing. *2 wrong*: two of
the profiles returned are no equilibria, to within a millionth. *none*: it gave up, and said so by an empty answer.
*no end*: stopped after {seconds} s. *(warns)*: the tool itself warned that its answer may be off.

Support enumeration, and quantecon's vertex enumeration, promise all equilibria of nondegenerate games only, as their
manuals say: a short list in a game with ties is then no fault, but a reader of the list alone cannot know. No solver
that works in floating point sees a difference of 1 in payoffs of 10^15 well, though a shift changes no game."""

BYSTANDER = """The last game has lines of equilibria: two players play chicken, and a third earns nothing
whatever happens. The six that are counted are the ends of the three lines; any point of the lines counts as right."""


def table(names: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """One row a game, one column a tool."""
    head = ["game", *(name for name, _ in rows)]
    lines = [head, ["---"] * len(head)]
    lines += [[name, *(own[k] or "-" for _, own in rows)] for k, name in enumerate(names)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def sample_table(sizes: Sequence[str], totals: dict[str, list[str]]) -> str:
    lines = [["tool", *sizes], ["---"] * (1 + len(sizes))]
    lines += [[name, *own] for name, own in totals.items()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=40, help="games of each sample")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="that a tool may take for one game")
    asked = parser.parse_args()
    PAGE.write_text(page(asked.games, asked.seconds), encoding="utf-8")


if __name__ == "__main__":
    main()

"""A thousand damaged scenario files: each is read and solved, or refused with places and causes; nothing else."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.errors import Problem, RealpolitikError, ScenarioError
from tests.oracle.random_scenarios import scenario_text

CLAIMS = (Path(__file__).parents[2] / "seeds" / "claims.toml").as_posix()
BASELINE = (Path(__file__).parents[2] / "scenarios" / "vladivostok-2023.toml").read_text(encoding="utf-8")
ODD = [
    "\x00",
    "é",
    "\u202e",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "#",
    "\\",
    "(",
    ")",
    "**",
    "1e999",
    "nan",
    "-inf",
    "9" * 400,
]
WORDS = [
    "0",
    "-1",
    "1e308",
    "1e-308",
    "true",
    "[]",
    "{}",
    '""',
    "2024-01-01",
    "0x1f",
    "deal",
    "sqrt",
    "if",
    "not",
    "'none'",
    "(" * 300,
]

Damage = Callable[[str, random.Random], str]


def cut(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randint(1, 40) :]


def put(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(ODD) + text[at:]


def stop(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def swap_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines()
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def double_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines()
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "\n".join(lines)


def drop_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines()
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def replace_word(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"[\w.']+", text)))
    words = [chance.choice(WORDS), chance.choice(re.findall(r"\w+", text)), found[0][:-1]]
    return text[: found.start()] + chance.choice(words) + text[found.end() :]


def replace_sign(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"[-+*/<>=!\[\]{}(),]", text)))
    return text[: found.start()] + chance.choice(["+", "-", "/", "**", ">=", "==", "[", "(", ","]) + text[found.end() :]


DAMAGES: list[Damage] = [
    cut,
    put,
    stop,
    swap_lines,
    double_line,
    drop_line,
    replace_word,
    replace_word,
    replace_sign,
    replace_sign,
]


def outcome(path: Path) -> str:
    """What happens with one file; any exception that is not the project's own goes through and fails the test."""
    try:
        scenario = sim.load(path)
    except ScenarioError as error:
        return (
            "refused" if error.problems and all(map(has_place_and_cause, error.problems)) else "refused without a word"
        )
    try:
        scenario.payoffs(scenario.central())
        sim.solve(scenario, concept="pure-nash")
    except RealpolitikError as error:
        return "refused by its numbers" if str(error) else "refused without a word"
    return "solved"


def has_place_and_cause(problem: Problem) -> bool:
    return problem.line >= 1 and problem.column >= 1 and bool(problem.cause)


def _outcome_naming(path: Path, seed: int) -> str:
    try:
        return outcome(path)
    except Exception as failure:
        failure.add_note(f"the damaged file, seed {seed}:\n{path.read_text(encoding='utf-8')}")
        raise


@pytest.mark.parametrize(("count", "first", "source"), [(920, 0, "made"), (80, 5000, "baseline")])
def test_no_damaged_file_meets_anything_but_an_answer_or_a_named_problem(
    tmp_path: Path, count: int, first: int, source: str
) -> None:
    name = "made" if source == "made" else "vladivostok-2023"
    path = tmp_path / f"{name}.toml"
    seen: Counter[str] = Counter()
    for seed in range(first, first + count):
        chance = random.Random(seed)
        text = (
            BASELINE.replace('"../seeds/claims.toml"', f'"{CLAIMS}"')
            if source == "baseline"
            else scenario_text(seed // 4, name)
        )
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(DAMAGES)(text, chance) or "x"
        path.write_text(text, encoding="utf-8")
        seen[_outcome_naming(path, seed)] += 1
    assert seen["refused without a word"] == 0
    assert seen["refused"] > count / 4
    assert seen["solved"] > count / 20

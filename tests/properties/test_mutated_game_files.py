"""Damaged game files: each is a game that survives its own text, or is refused with a place and a cause; nothing else.

`python -m tests.properties.test_mutated_game_files 10000` tries more of them, and prints what became of them and the
seconds that the slowest took.
"""

import random
import re
import sys
import time
from collections import Counter

from sim.errors import PayoffError, ScenarioError
from sim.game.efg import parse_efg, tree_to_efg
from sim.game.game import Game
from sim.game.nfg import game_to_nfg, parse_nfg
from tests.game.written_games import random_table, random_tree, samples
from tests.properties.test_mutated_files import cut, double_line, drop_line, put, stop, swap_lines

SAMPLES = sorted(samples().values(), key=len)[:13]  # without the largest trees
WORDS = ["0", "-1", "1", "2", "7", "1/3", "1e300", "1e999999999", "9" * 400, "1/0", "t", "p", "c", '""', "{", "}", ","]
MOST_SECONDS = 10.0  # for any file


def replace_word(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"[^\s]+", text)))
    return text[: found.start()] + chance.choice([*WORDS, chance.choice(text.split())]) + text[found.end() :]


def double_word(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"[^\s]+", text)))
    return text[: found.end()] + " " + found[0] + text[found.end() :]


def drop_word(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"[^\s]+", text)))
    return text[: found.start()] + text[found.end() :]


def change_number(text: str, chance: random.Random) -> str:
    found = chance.choice(list(re.finditer(r"\d+", text)) or [re.match("", text)])
    return text[: found.start()] + str(chance.randrange(12)) + text[found.end() :]


DAMAGES = [cut, put, stop, swap_lines, double_line, drop_line]
DAMAGES += [replace_word, replace_word, double_word, drop_word, change_number, change_number, change_number]


def damaged(seed: int) -> str:
    chance = random.Random(seed)
    text = chance.choice([random_table, random_tree, lambda number: SAMPLES[number % len(SAMPLES)]])(seed)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        text = chance.choice(DAMAGES)(text, chance).strip() or "x"
    return text


def outcome(text: str) -> str:
    """What becomes of one text; any exception that is not the project's own goes through and fails the test."""
    try:
        read = parse_efg(text, "x.efg") if text.startswith("EFG") else parse_nfg(text, "x.nfg")
    except ScenarioError as refused:
        (problem,) = refused.problems
        lines = text.split("\n")
        assert problem.cause
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert len(str(problem)) < 400
        return "refused"
    if isinstance(read, Game):
        assert survives(read)
        return "read"
    assert parse_efg(tree_to_efg(parse_efg(tree_to_efg(read), "x.efg")), "x.efg") == parse_efg(
        tree_to_efg(read), "x.efg"
    )
    try:
        assert survives(read.to_game())
    except PayoffError as refused:
        return "read, no normal form" if str(refused) else "refused without a word"
    return "read"


def survives(game: Game) -> bool:
    """Whether the game is the same after it went through its text."""
    again = parse_nfg(game_to_nfg(game), "x.nfg")
    return bool((game.exact == again.exact).all())


def tried(count: int) -> tuple[Counter[str], float]:
    """What became of so many files, and the seconds that the slowest took."""
    seen: Counter[str] = Counter()
    slowest = 0.0
    for seed in range(count):
        text = damaged(seed)
        started = time.perf_counter()
        try:
            seen[outcome(text)] += 1
        except Exception as failure:
            failure.add_note(f"the damaged file, seed {seed}:\n{text}")
            raise
        slowest = max(slowest, time.perf_counter() - started)
    return seen, slowest


def test_no_damaged_game_file_meets_anything_but_a_game_or_a_named_problem() -> None:
    seen, slowest = tried(1200)
    assert seen["refused without a word"] == 0
    assert seen["refused"] > 600
    assert seen["read"] > 120
    assert slowest < MOST_SECONDS


if __name__ == "__main__":
    print(*tried(int(sys.argv[1])))

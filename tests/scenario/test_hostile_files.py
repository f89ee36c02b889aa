"""Files made to break a reader: each is answered, with data or with problems, and quickly."""

import os
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.errors import Problem, ScenarioError
from sim.scenario.reader import read_scenario
from sim.scenario.source import read_source

ROOT = Path(__file__).parents[2]
HEAD = '[scenario]\nname = "x"\n[players.A]\nmoves.a = ["x", "y"]\n[players.B]\nmoves.b = ["x", "y"]\n'
SECONDS = 5.0  # five times what is promised, so that a busy machine is no failure; a quadratic answer takes minutes


def lines(pattern: str, count: int) -> str:
    return "".join(pattern.replace("#", str(k)).replace("@", str(k + 1)) + "\n" for k in range(count))


HOSTILE = {
    "a megabyte of open brackets": "[" * 1_000_000,
    "open arrays": "a=" + "[" * 900_000,
    "open tables": "a=" + "{b=" * 300_000,
    "a long dotted header": "[a." + "b." * 400_000 + "c]",
    "a long dotted key": ".".join(["a"] * 400_000) + "=1",
    "a million digits": "a=" + "1" * 900_000,
    "escapes": 'a="' + "\\u0041" * 160_000 + '"',
    "quotes": '"' * 1_000_000,
    "escaped quotes": 'a="""' + '\\"""' * 200_000,
    "empty lines": "\n" * 999_999,
    "comments": "#\n" * 499_999,
    "tiny keys": HEAD + lines("k#=1", 90_000),
    "unknown keys": HEAD + lines("k#=1", 28_000),
    "unknown sections": HEAD + lines("[k#]", 14_000),
    "bad parameters": HEAD + "[parameters]\n" + lines("p#={valu=1}", 9_000),
    "a long formula": HEAD + '[stakes]\ns={value="' + "a+" * 50_000 + '1"}\n',
    "many formulas": HEAD + "[stakes]\n" + lines('s#={value="' + "rank(a)+" * 100 + '1"}', 1_000),
    "many unknown names": HEAD + "[stakes]\n" + lines('s#={value="u#*v#*w#"}', 3_000),
    "a long cycle of stakes": HEAD + "[stakes]\n" + lines('s#={value="s@"}', 3_000) + 's3000={value="s0"}\n',
    "a long chain of events": HEAD + "[events]\n" + lines('e#="e@"', 5_000) + "e5000=\"a == 'x'\"\n",
    "squares of squares": HEAD + "[parameters]\np={value=3}\n[stakes]\n" + 's0={value="p"}\n'
    + lines('s@={value="s#*s#"}', 60),
    "powers": HEAD + '[stakes]\ns={value="10**10**10"}\n',
    "giant exponents": HEAD + "[parameters]\np={value=1e999999999}\nq={value=nan}\nr={value=-inf}\n",
    "too many profiles": HEAD + "[players.C]\n" + lines('moves.m#=["a","b"]', 3_000),
    "each of everything": HEAD + "[players.C]\n" + lines('moves.m#=["a","b"]', 15)
    + '[slices.s]\nrows="A"\ncolumns="B"\n[slices.s.given]\n' + lines('m#="each"', 15),
    "many correlations": HEAD + "[parameters]\n" + lines("p#={value={uniform=[0,1]}}", 1_000)
    + "[[correlated]]\nof=[" + ",".join(f'"p{k}"' for k in range(1_000)) + "]\nrho=0.5\n",
    "many claims": HEAD + "[parameters]\np={value=1,rests_on=[" + '"x",' * 25_000 + "]}\n",
    "sections of the wrong kind": "scenario=5\nevents=[1]\nexpect={}\ncorrelated=[1]\npayoffs=3\ntypes={A=2}\n",
    "null characters": HEAD + "\0\0",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_answered_quickly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    assert len(text.encode()) <= 1_000_000
    start = time.perf_counter()
    with suppress(ScenarioError):
        read_scenario(path)
    assert time.perf_counter() - start < SECONDS


def test_thousands_of_problems_are_counted_and_two_hundred_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(HOSTILE["unknown sections"], encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert len(caught.value.problems) == 201
    assert "13,800 further problems are not listed" in str(caught.value)  # of 14,000


def test_a_chain_of_large_files_is_refused_before_all_are_read(tmp_path: Path) -> None:
    for k in range(8):
        text = f'[scenario]\nname = "v{k}"\n' + (f'extends = "v{k + 1}.toml"\n' if k < 7 else "") + lines("k#=1", 5_900)
        (tmp_path / f"v{k}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="too large together"):
        read_scenario(tmp_path / "v0.toml")


def test_more_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(HEAD + "#" * 1_000_000, encoding="utf-8")
    problem = read_source(path)
    assert isinstance(problem, Problem)
    assert "larger than 1,000,000 bytes" in problem.cause


def test_invalid_utf8_is_placed(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes('[scenario]\ntitle = "é'.encode() + b'\xff"\n')
    problem = read_source(path)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (2, 11)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/dev/zero", "nowhere.toml", "a\0b.toml", "/tmp", "", "x" * 5000 + ".toml"]
)
def test_what_is_no_file_of_ours_is_refused_at_line_1(path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(Path(path))
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(1, 1)]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    os.mkfifo(path)
    with pytest.raises(ScenarioError, match="not a regular file"):
        read_scenario(path)


def test_a_thousand_mutated_files_are_data_or_problems(tmp_path: Path) -> None:
    """Byte flips, lines dropped, doubled and swapped, words swapped: never another exception."""
    sources = [(ROOT / "scenarios" / "vladivostok-2023.toml").read_bytes()]
    sources += [path.read_bytes() for path in sorted((Path(__file__).parent / "small").glob("*.toml"))]
    small = [sources[0][: sources[0].index(b"[parameters.surplus]")], *sources[1:]]
    random_source = random.Random(20230906)
    answers = {"data": 0, "problems": 0}
    for k in range(1_000):
        mutated = _mutated(random_source.choice(sources if k % 10 == 0 else small), random_source)
        path = tmp_path / "vladivostok-2023.toml"
        path.write_bytes(mutated)
        try:
            read_scenario(path)
            answers["data"] += 1
        except ScenarioError:
            answers["problems"] += 1
    assert sum(answers.values()) == 1_000
    assert min(answers.values()) > 0, answers  # both kinds of answer were met


def _mutated(raw: bytes, source: random.Random) -> bytes:
    for _ in range(source.randint(1, 3)):
        kind = source.randrange(6)
        rows = raw.split(b"\n")
        at, other = source.randrange(len(rows)), source.randrange(len(rows))
        if kind == 0:
            place = source.randrange(len(raw))
            raw = raw[:place] + bytes([raw[place] ^ (1 << source.randrange(8))]) + raw[place + 1 :]
        elif kind == 1:
            raw = b"\n".join(rows[:at] + rows[at + 1 :])
        elif kind == 2:
            raw = b"\n".join([*rows[:at], rows[other], *rows[at:]])
        elif kind == 3:
            rows[at], rows[other] = rows[other], rows[at]
            raw = b"\n".join(rows)
        else:
            words = raw.split(b" ")
            here, there = source.randrange(len(words)), source.randrange(len(words))
            words[here] = (
                words[there] if kind == 4 else source.choice([b"1e999", b"nan", b"{}", b"[]", b"''", b"{ pert = [1] }"])
            )
            raw = b" ".join(words)
    return raw


def test_a_byte_that_is_no_text_after_a_byte_order_mark_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "marked.toml"
    file.write_bytes(b"\xef\xbb\xbf# " + "éé".encode() + b"\xff")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (1, 5)
    assert "not UTF-8" in problem.cause

"""The formula language: its white list, its bounds, and the columns of its complaints."""

import operator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.formula import Binary, Call, Choice, Compare, Logic, Name, Node, Number, Unary
from sim.scenario.formula_parser import Scope, Slip, names_in, numbers_in, parse

LADDER = ("none", "goods", "arms")
SCOPE = Scope(
    moves={"offer": LADDER, "ask": LADDER, "travel": ("stay", "go")},
    events=frozenset({"deal"}),
    parameters=frozenset({"need"}),
    stakes=frozenset({"shells"}),
    broken=frozenset({"lost"}),
)
ONE = Number(Fraction(1))


def tree(text: str) -> Node:
    read = parse(text, SCOPE)
    assert not isinstance(read, tuple), read
    return read


def slips(text: str) -> tuple[Slip, ...]:
    read = parse(text, SCOPE)
    assert isinstance(read, tuple)
    return read


def test_a_decimal_is_read_as_it_is_written() -> None:
    assert tree("0.1") == Number(Fraction(1, 10))
    assert tree("1.5e-3") == Number(Fraction(3, 2000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not deal", Unary("not", Name("event", "deal"))),
        ("-need ** 2", Unary("-", Binary("**", Name("parameter", "need"), Number(Fraction(2))))),
        ("rank(offer)", Name("move", "offer")),
        ("offer == 'arms'", Compare("==", Name("move", "offer"), Number(Fraction(2)))),
        ("'arms' <= offer", Compare("<=", Number(Fraction(2)), Name("move", "offer"))),
        ("ask < offer", Compare("<", Name("move", "ask"), Name("move", "offer"))),
        (
            "0 < need <= 1",
            Logic(
                "and",
                (
                    Compare("<", Number(Fraction(0)), Name("parameter", "need")),
                    Compare("<=", Name("parameter", "need"), ONE),
                ),
            ),
        ),
        ("1 if deal else shells", Choice(Name("event", "deal"), ONE, Name("stake", "shells"))),
        ("clip(need, 0, 1)", Call("clip", (Name("parameter", "need"), Number(Fraction(0)), ONE))),
        ("\n  need +\n  1", Binary("+", Name("parameter", "need"), ONE)),
    ],
)
def test_what_the_language_says(text: str, expected: Node) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("need + neeed", 7, "'neeed'"),
        ("shells * offer", 9, "Write rank(offer)"),
        ("offer == goods", 9, "Options are quoted: 'goods'."),
        ("offer == 'good'", 9, "Did you mean 'goods'?"),
        ("offer >= travel", 9, "ladders differ"),
        ("offer == 1", 9, "no option of it"),
        ("rank(deal)", 5, "is no move"),
        ("deal == 'arms'", 0, "it is no move"),
        ("'arms'", 0, "stands only in a comparison"),
        ("True", 0, "Write 1 for true"),
        ("min(1)", 0, "It takes 2 or more"),
        ("min", 0, "without arguments"),
        ("exp(1, 2)", 0, "It takes 1"),
        ("__import__('os')", 0, "no function"),
        ("need.real", 4, "holds '.'"),
        ("[1]", 0, "holds '['"),
        ("lambda: 1", 6, "holds ':'"),
        ("need need", 5, "not a complete formula"),
        ("1 +", 3, "not a complete formula"),
        ("1) + (1", 1, "never opened"),
        ("1 / 0", 4, "divides by zero"),
        ("need ** 100", 8, "exponent"),
        ("10 ** 10 ** 10", 6, "exponent"),
        ("(need ** 9) ** 9", 15, "a power to a power"),
        ("1e999999999", 0, "exponent beyond"),
        ("1" * 80, 0, "more than 60 digits"),
        ("", 0, "empty"),
        ("need # more", 5, "holds '#'"),
        ("need is deal", 0, "comparison that formulas do not know"),
        ("need // 2", 6, "not"),
        ("need + 'é'", 7, "stands only in a comparison"),
    ],
)
def test_what_it_refuses_and_where(text: str, offset: int, words: str) -> None:
    found = slips(text)
    assert any(words in f"{slip.cause} {slip.mend}" for slip in found), found
    if "not" not in words and "comparison that" not in words:
        assert offset in {slip.offset for slip in found}


def test_a_name_that_is_broken_elsewhere_is_no_second_complaint() -> None:
    assert slips("lost + 1") == ()
    assert slips("lost == 'go'") == ()


@pytest.mark.parametrize(
    "text", ["(" * 5000, "(" * 100 + "1" + ")" * 100, "not " * 900 + "1", "-" * 3900 + "1", "1+" * 1900 + "1"]
)
def test_nesting_is_bounded(text: str) -> None:
    assert len(slips(text)) == 1


def test_names_and_numbers_are_listed_without_the_ranks_of_options() -> None:
    found = tree("need * 3 + (offer == 'arms') * 0.5")
    assert [name.name for name in names_in(found)] == ["need", "offer"]
    assert numbers_in(found) == [3, Fraction(1, 2)]


SIGNS: dict[str, Any] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 9)), min_size=1, max_size=12))
def test_precedence_is_that_of_arithmetic(parts: list[tuple[str, int]]) -> None:
    text = "1" + "".join(f" {sign} {number}" for sign, number in parts)

    def value(node: Node) -> Fraction:
        if isinstance(node, Number):
            return node.value
        assert isinstance(node, Binary)
        return SIGNS[node.op](value(node.left), value(node.right))

    assert value(tree(text)) == eval(text)


@given(st.text(max_size=60) | st.text(alphabet="()+-*/<>=!'\" andotif.1e9ofrask", max_size=60))
def test_any_text_is_a_tree_or_slips(text: str) -> None:
    read = parse(text, SCOPE)
    assert not isinstance(read, tuple) or all(0 <= slip.offset <= len(text) + 1 for slip in read)

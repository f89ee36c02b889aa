"""Small scenario files made by chance: every kind of parameter, the whole language of formulas, ties nearly everywhere.

Whatever a comparison, a truth value or an exponent reads is a small binary fraction (ranks, events, whole numbers), so
floating point and fractions take the same side of it; sums, products and functions may hold any number.
"""

import random
from collections.abc import Callable
from itertools import combinations

LADDERS = (["no", "some", "all"], ["low", "high"], ["left", "mid", "right"])
MOST_PROFILES = 54


def scenario_text(seed: int, name: str) -> str:
    """A scenario file that holds together; the same text for the same seed."""
    return "\n\n".join(sections(seed, name)) + "\n"


def sections(seed: int, name: str) -> list[str]:
    """The tables of the file; those after the first may stand in any order but keep the order of moves and events."""
    maker = _Maker(random.Random(seed))
    maker.draw_moves()
    maker.draw_numbers()
    maker.draw_events()
    parts = maker.table() if maker.chance.random() < 0.15 else maker.stakes_and_interests()
    return [
        f'[scenario]\nname = "{name}"',
        *maker.moves_text(),
        maker.numbers_text(),
        maker.events_text(),
        *parts,
        *maker.rules(),
    ]


class _Maker:
    """One file in the making: what has been named so far."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.ladders: dict[str, list[str]] = {}
        self.owner: dict[str, str] = {}
        self.whole: dict[str, str] = {}  # parameter that takes small whole numbers -> its distribution
        self.loose: dict[str, str] = {}  # any other parameter -> its distribution
        self.events: dict[str, str] = {}

    def draw_moves(self) -> None:
        players = ["A", "B", "C", "D"][: self.chance.choice([2, 2, 2, 3, 3, 4])]
        profiles = 1
        for turn, player in enumerate(players + self.chance.sample(players, self.chance.randint(0, len(players)))):
            ladder = self.chance.choice(LADDERS)
            if turn >= len(players) and profiles * len(ladder) > MOST_PROFILES:
                continue
            if profiles * len(ladder) > MOST_PROFILES:
                ladder = LADDERS[1]
            move = f"{player.lower()}_{1 + list(self.owner.values()).count(player)}"
            self.ladders[move], self.owner[move] = ladder, player
            profiles *= len(ladder)
        order = sorted(self.ladders)  # the moves of one player stand together in a file
        self.ladders = {move: self.ladders[move] for move in order}
        self.owner = {move: self.owner[move] for move in order}

    def draw_numbers(self) -> None:
        for k in range(self.chance.randint(1, 3)):
            a, b = sorted(self.chance.sample(range(-2, 4), 2))
            self.whole[f"n{k}"] = self.chance.choice(
                [f"{a}", f"{b}", f"{{ choice = {{ values = [{a}, {b}], shares = [0.5, 0.5] }} }}"]
            )
        kinds = [
            "0.3",
            "{ fixed = 0.1 }",
            "{ uniform = [0, 2] }",
            "{ triangular = [-1, 0, 2] }",
            "{ pert = [0.5, 1, 2] }",
            "{ normal = [0, 1] }",
            "{ normal = [1, 2], within = [0, 4] }",
            "{ lognormal = [1, 0.5] }",
            "{ beta = [2, 3] }",
        ]
        for k in range(self.chance.randint(1, 3)):
            self.loose[f"x{k}"] = self.chance.choice(kinds)

    def draw_events(self) -> None:
        for k in range(self.chance.randint(1, 4)):
            self.events[f"e{k}"] = self.truth(1, numbers=False)

    def truth(self, depth: int, *, numbers: bool = True) -> str:
        """A true or false statement; over moves and earlier events alone where `numbers` is False."""
        pick = self.chance.random()
        if depth and pick < 0.35:
            joint = self.chance.choice([" and ", " or "])
            inner = [self.truth(depth - 1, numbers=numbers) for _ in range(self.chance.randint(2, 3))]
            return "(" + joint.join(inner) + ")"
        if depth and pick < 0.45:
            return f"(not {self.truth(depth - 1, numbers=numbers)})"
        if self.events and pick < 0.6:
            return self.chance.choice(list(self.events))
        sign = self.chance.choice(["==", "!=", "<", "<=", ">", ">="])
        if numbers and pick < 0.75:
            chain = f" {self.chance.choice(['<', '<='])} {self.exact(0)}" if sign in ("<", "<=") else ""
            return f"({self.exact(1)} {sign} {self.exact(0)}{chain})"
        move = self.chance.choice(list(self.ladders))
        like = [other for other, ladder in self.ladders.items() if ladder == self.ladders[move] and other != move]
        if like and pick > 0.85:
            return f"({move} {sign} {self.chance.choice(like)})"
        option = self.chance.choice(self.ladders[move])
        return f"('{option}' {sign} {move})" if pick > 0.8 else f"({move} {sign} '{option}')"

    def exact(self, depth: int) -> str:
        """A number that floating point holds without rounding."""
        leaf = [*self.whole, *self.events, f"rank({self.chance.choice(list(self.ladders))})", "0.5", "1", "2", "0.25"]
        if depth == 0:
            return self.chance.choice(leaf)
        a, b = self.exact(depth - 1), self.exact(depth - 1)
        return self.chance.choice(
            [
                f"({a} + {b})",
                f"({a} - {b})",
                f"{a} * {b}",
                f"max({a}, {b})",
                f"abs({a})",
                f"-{a}",
                f"({a}) ** 2",
                f"{a} / 2",
            ]
        )

    def number(self, depth: int, stakes: list[str]) -> str:
        """Any number."""
        leaf: list[str] = [*self.events, *self.whole, *self.loose, *stakes, "0.1", "3", "1e-1"]
        leaf += [self.truth(0, numbers=False) for _ in range(len(leaf))]
        if depth == 0:
            return self.chance.choice(leaf)

        def inner() -> str:
            return self.number(depth - 1, stakes)

        forms: list[Callable[[], str]] = [
            lambda: f"({inner()} + {inner()})",
            lambda: f"({inner()} - {inner()})",
            lambda: f"{inner()} * {inner()}",
            lambda: f"({inner()}) / (1 + abs({inner()}))",
            lambda: f"{self.truth(1)} * {inner()}",
            lambda: f"({inner()} if {self.truth(1)} else {inner()})",
            lambda: f"({inner()} if {self.truth(0)} else {inner()} if {self.truth(0)} else 0)",
            lambda: f"min({inner()}, {inner()}, {inner()})",
            lambda: f"max({inner()}, {inner()})",
            lambda: f"abs({inner()})",
            lambda: f"clip({inner()}, -1, 2)",
            lambda: f"exp(min({inner()}, 1))",
            lambda: f"log(1 + abs({inner()}))",
            lambda: f"sqrt(abs({inner()}))",
            lambda: f"(1 + abs({self.number(0, stakes)})) ** {self.chance.choice(['0.5', '2', '-1', '(1 / 4)'])}",
            lambda: f"-{self.number(0, stakes)} ** 2",  # no power of a power: a file may not hold one
            lambda: f"2 ** rank({self.chance.choice(list(self.ladders))})",
            lambda: self.guarded(),
            lambda: self.exact(2),
        ]
        return self.chance.choice(forms)()

    def guarded(self) -> str:
        """A formula whose other branch would be no number."""
        whole = self.chance.choice([*self.whole, *self.events])
        return self.chance.choice(
            [
                f"(1 / {whole} if {whole} != 0 else 0)",
                f"(log({whole}) if {whole} > 0 else -1)",
                f"(0 if {whole} < 0 else sqrt({whole}))",
            ]
        )

    def stakes_and_interests(self) -> list[str]:
        texts: dict[str, str] = {}
        for k in range(self.chance.randint(2, 5)):
            clash = k < 2 or self.chance.random() < 0.5  # a bare whole statement: ties, and interests that cross
            texts[f"s{k}"] = self.truth(1) if clash else self.number(self.chance.randint(1, 2), list(texts))
        names = list(texts)
        lines = []
        for stake in self.chance.sample(names, len(names)):  # a stake may be named before what it uses
            swing = self.chance.choice(["", "", ", swing = 2", ", swing = 0.4"])
            lines.append(f'{stake} = {{ value = "{texts[stake]}"{swing} }}')
        parts = ["[stakes]\n" + "\n".join(lines)]
        for who in dict.fromkeys([*self.owner.values(), "Z"]):
            own = {stake: self.weight() for stake in self.chance.sample(names, self.chance.randint(1, len(names)))}
            if len(own) > 1 and self.chance.random() < 0.15:
                few = list(own)[:2]
                parts.append(f'[[ranked]]\nof = ["{who}.{few[0]}", "{who}.{few[1]}"]\ntotal = 8')
                own |= {few[0]: "1", few[1]: "-1"}
            rows = "\n".join(f"{stake} = {{ weight = {weight} }}" for stake, weight in own.items())
            parts.append(f"[interests.{who}]\n{rows}")
        return parts

    def weight(self) -> str:
        whole = str(self.chance.randint(-3, 3) or 1)
        loose = ["{ uniform = [1, 2] }", "0.7", "{ choice = { values = [-1, 0, 1], shares = [0.25, 0.5, 0.25] } }"]
        return self.chance.choice([whole, whole, whole, *loose])

    def table(self) -> list[str]:
        def cell() -> str:
            whole = self.chance.choice(list(self.whole))
            return self.chance.choice(["0", "1", "2", '"1/3"', "0.5", f'"{whole}"', f'"{whole} * 2 - 1"', '"2/3"'])

        def nest(sizes: list[int]) -> str:
            return cell() if not sizes else "[" + ", ".join(nest(sizes[1:]) for _ in range(sizes[0])) + "]"

        sizes = [len(ladder) for ladder in self.ladders.values()]
        return [
            "[payoffs]\n" + "\n".join(f"{who} = {nest(sizes)}" for who in [*dict.fromkeys(self.owner.values()), "Z"])
        ]

    def moves_text(self) -> list[str]:
        texts = []
        for player in dict.fromkeys(self.owner.values()):
            own = [f"moves.{move} = {ladder!r}" for move, ladder in self.ladders.items() if self.owner[move] == player]
            texts.append(f'[players.{player}]\nname = "Player {player}"\n' + "\n".join(own))
        return [*texts, '[observers.Z]\nname = "Witness"']

    def numbers_text(self) -> str:
        return "[parameters]\n" + "\n".join(
            f"{name} = {{ value = {text} }}" for name, text in (self.whole | self.loose).items()
        )

    def events_text(self) -> str:
        return "[events]\n" + "\n".join(f'{name} = "{text}"' for name, text in self.events.items())

    def rules(self) -> list[str]:
        parts = []
        for k in range(self.chance.randint(1, 3)):
            order: list[list[str]] = []
            for move in self.chance.sample(list(self.ladders), len(self.ladders)):
                if order and self.chance.random() < 0.35:
                    order[-1].append(move)
                else:
                    order.append([move])
            elements = ", ".join(f"'{one[0]}'" if len(one) == 1 else repr(one) for one in order)
            parts.append(f"[orders.o{k}]\nmoves = [{elements}]")
        players = list(dict.fromkeys(self.owner.values()))
        if self.chance.random() < 0.5:
            groups = [list(g) for size in range(2, len(players) + 1) for g in combinations(players, size)]
            parts.append(f"[coalitions]\nmay = {self.chance.sample(groups, self.chance.randint(1, len(groups)))!r}")
        if self.chance.random() < 0.4:
            move = self.chance.choice(list(self.ladders))
            kept = [option for option in self.ladders[move] if self.chance.random() < 0.6] or self.ladders[move][-1:]
            parts.append(f"[allow]\n{move} = {kept!r}")
        loose = [name for name, text in self.loose.items() if "uniform" in text or "pert" in text or "normal" in text]
        if len(loose) > 1:
            parts.append(f"[[correlated]]\nof = {loose[:2]!r}\nrho = {self.chance.choice(['0.5', '-0.4'])}")
        return parts

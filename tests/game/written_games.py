"""Games as texts of Gambit's formats: textbook games written out from their rules, and small ones made by chance.

A tree is nested data: a tuple of payoffs ends the play; a `Chance` or a `Choice` goes on. Information sets are named by
anything that can be compared; the writer numbers them.
"""

import random
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product

Payoffs = tuple[object, ...]  # anything whose str is a number of the format


@dataclass(frozen=True)
class Chance:
    lottery: Mapping[str, tuple[object, "Branch"]]  # action -> chance, what follows
    payoffs: Payoffs | None = None


@dataclass(frozen=True)
class Choice:
    player: int  # from 1
    where: Hashable  # the information set
    follows: Mapping[str, "Branch"]
    payoffs: Payoffs | None = None


Branch = Chance | Choice | Payoffs


def efg_text(title: str, players: list[str], root: Branch) -> str:
    """The tree, each information set and outcome described in full each time."""
    sets: dict[tuple[int, Hashable], int] = {}
    outcomes: dict[Payoffs, int] = {}
    chances = iter(range(1, 1_000_000))

    def outcome(payoffs: Payoffs | None) -> str:
        if payoffs is None:
            return "0"
        number = outcomes.setdefault(payoffs, len(outcomes) + 1)
        return f'{number} "o{number}" {{ {", ".join(map(str, payoffs))} }}'

    def lines(branch: Branch) -> Iterator[str]:
        if isinstance(branch, Chance):
            actions = " ".join(f'"{action}" {odds}' for action, (odds, _) in branch.lottery.items())
            yield f'c "" {next(chances)} "" {{ {actions} }} {outcome(branch.payoffs)}'
            for _, follows in branch.lottery.values():
                yield from lines(follows)
        elif isinstance(branch, Choice):
            own = sets.setdefault((branch.player, branch.where), 1 + sum(key[0] == branch.player for key in sets))
            actions = " ".join(f'"{action}"' for action in branch.follows)
            yield f'p "" {branch.player} {own} "" {{ {actions} }} {outcome(branch.payoffs)}'
            for follows in branch.follows.values():
                yield from lines(follows)
        else:
            yield f't "" {outcome(branch)}'

    names = " ".join(f'"{player}"' for player in players)
    return f'EFG 2 R "{title}" {{ {names} }}\n""\n\n' + "\n".join(lines(root)) + "\n"


def poker() -> Branch:  # Myerson (1991), section 2.1
    def hand(card: str, stake: int) -> Branch:
        meet = Choice(2, "facing a raise", {"meet": (2 * stake, -2 * stake), "pass": (1, -1)})
        return Choice(1, card, {"raise": meet, "fold": (stake, -stake)})

    return Chance({"red": ("1/2", hand("red", 1)), "black": ("0.5", hand("black", -1))})


def four_cards() -> Branch:  # one card each of A K Q J; a call doubles what is won
    def win(first: bool, stake: int) -> Payoffs:
        return (stake, 2 - stake) if first else (2 - stake, stake)

    def deal(mine: str, yours: str) -> Branch:
        first = "AKQJ".index(mine) < "AKQJ".index(yours)
        called = Choice(2, (yours, "after a raise"), {"call": win(first, 3), "fold": win(True, 2)})
        answer = Choice(1, (mine, "raised"), {"call": win(first, 3), "fold": win(False, 2)})
        checked = Choice(2, (yours, "after a check"), {"raise": answer, "check": win(first, 2)})
        return Choice(1, mine, {"raise": called, "check": checked})

    return Chance({f"{a}-{b}": ("1/12", deal(a, b)) for a, b in permutations("AKQJ", 2)})


def bagwell() -> Branch:  # Bagwell (1995): a commitment seen through noise
    worth = {"SS": (5, 2), "SC": (3, 1), "CS": (6, 3), "CC": (4, 4)}

    def seen(done: str, signal: str) -> Branch:
        return Choice(2, signal, {reply: worth[done + reply] for reply in "SC"})

    def noise(done: str, odds: tuple[str, str]) -> Branch:
        return Chance({"s": (odds[0], seen(done, "s")), "c": (odds[1], seen(done, "c"))})

    return Choice(1, "", {"S": noise("S", ("99/100", ".01")), "C": noise("C", ("1e-2", "0.99"))})


def nim(stones: int = 5) -> Branch:  # take one or two; who must take the last one loses
    def left(n: int, player: int, past: tuple[int, ...]) -> Branch:
        if n <= 1:
            loser = player if n == 1 else 3 - player
            return (-1, 1) if loser == 1 else (1, -1)
        return Choice(player, past, {f"take {k}": left(n - k, 3 - player, (*past, k)) for k in (1, 2)})

    return left(stones, 1, ())


def monty_hall() -> Branch:
    def final(prize: str, guess: str, opened: str) -> Branch:
        other = next(door for door in "ABC" if door not in (guess, opened))
        worth = {"stay": (100 * (guess == prize), 0), "switch": (100 * (other == prize), 0)}
        return Choice(1, (guess, opened), worth)

    def host(prize: str, guess: str) -> Branch:
        doors = [door for door in "ABC" if door not in (prize, guess)]
        return Choice(2, (prize, guess), {door: final(prize, guess, door) for door in doors})

    def guess(prize: str) -> Branch:
        return Choice(1, "guess", {door: host(prize, door) for door in "ABC"})

    return Chance({door: ("1/3", guess(door)) for door in "ABC"})


def signalling(own: dict[str, tuple[str, dict[str, Payoffs]]], moves: str, replies: str) -> Branch:
    """One of two types shows something; the other replies without knowing the type (Watson 2013, chapter 29)."""

    def shown(kind: str, move: str, worth: dict[str, Payoffs]) -> Branch:
        return Choice(2, move, {reply: worth[move + reply] for reply in replies})

    return Chance(
        {
            kind: (odds, Choice(1, kind, {move: shown(kind, move, worth) for move in moves}))
            for kind, (odds, worth) in own.items()
        }
    )


def spence() -> Branch:
    high = {"EM": (6, 10), "EC": (0, 4), "NM": (10, 10), "NC": (4, 4)}
    low = {"EM": (3, 0), "EC": (-3, 4), "NM": (10, 0), "NC": (4, 4)}
    return signalling({"high": ("1/3", high), "low": ("2/3", low)}, "EN", "MC")


def princess_bride() -> Branch:
    strong = {"US": (1, 0), "UF": (0, -2), "BS": (1, 0), "BF": (0, -2)}
    weak = {"US": (-1, 0), "UF": (-3, 1), "BS": (1, 0), "BF": (-1, 1)}
    return signalling({"strong": ("1/2", strong), "weak": ("1/2", weak)}, "UB", "SF")


def centipede() -> Branch:  # McKelvey & Palfrey (1992): six moves, either player may be one who always passes
    def move(turn: int, kinds: tuple[bool, bool]) -> Branch:
        pot = Fraction(4, 5) * 2**turn
        ends = (pot, pot / 4) if turn % 2 == 0 else (pot / 4, pot)
        if turn == 6:
            return tuple(float(own) for own in ends)
        player, altruist = turn % 2 + 1, kinds[turn % 2]
        stop = {} if altruist else {"take": tuple(float(own) for own in ends)}
        return Choice(player, (turn, altruist), stop | {"pass": move(turn + 1, kinds)})

    def second(first: bool) -> Branch:
        return Chance({"selfish": ("99/100", move(0, (first, False))), "giving": ("1/100", move(0, (first, True)))})

    return Chance({"selfish": (".99", second(False)), "giving": ("1e-2", second(True))})


def two_stages() -> Branch:  # a Bayesian stage game played twice; the first payoffs stand at the nodes between
    def stage(types: tuple[str, str], past: str, end: bool, worth: Payoffs | None = None) -> Branch:
        def payoff(a: str, b: str) -> Payoffs:
            mine, yours = 2 * (a == "H") + 3 * (types[0] == "good"), 5 * (a == "H") * (b == "h") - (types[1] == "bad")
            return mine, yours

        def after(a: str, b: str) -> Branch:
            return payoff(a, b) if end else stage(types, a + b, True, payoff(a, b))

        def second(a: str) -> Branch:
            return Choice(2, (types[1], past), {b: after(a, b) for b in "hl"})

        return Choice(1, (types[0], past), {a: second(a) for a in "HL"}, worth)

    def other(mine: str) -> Branch:
        return Chance({yours: ("1/2", stage((mine, yours), "", False)) for yours in ("good", "bad")})

    return Chance({mine: ("0.5", other(mine)) for mine in ("good", "bad")})


def jury() -> Branch:  # after Feddersen & Pesendorfer (1998): three jurors, private signals, unanimity
    def verdict(guilty: bool, votes: str) -> Payoffs:
        return ("0",) * 3 if (votes == "ggg") == guilty else (("-.7",) * 3 if votes == "ggg" else ("-.3",) * 3)

    def vote(guilty: bool, signals: str, votes: str) -> Branch:
        if len(votes) == 3:
            return verdict(guilty, votes)
        who = len(votes)
        return Choice(who + 1, signals[who], {v: vote(guilty, signals, votes + v) for v in "gi"})

    def signal(guilty: bool, signals: str) -> Branch:
        if len(signals) == 3:
            return vote(guilty, signals, "")
        right = "gi"[not guilty]
        return Chance({s: (".8" if s == right else ".2", signal(guilty, signals + s)) for s in "gi"})

    return Chance({"guilty": ("1/2", signal(True, "")), "innocent": ("1/2", signal(False, ""))})


TREES: dict[str, tuple[list[str], Branch]] = {
    "poker": (["1", "2"], poker()),
    "four cards": (["Player 1", "Player 2"], four_cards()),
    "bagwell": (["leader", "follower"], bagwell()),
    "nim": (["first", "second"], nim()),
    "monty hall": (["guest", "host"], monty_hall()),
    "spence": (["worker", "firm"], spence()),
    "princess bride": (["Wesley", "Prince"], princess_bride()),
    "centipede": (["1", "2"], centipede()),
    "two stages": (["1", "2"], two_stages()),
    "jury": (["1", "2", "3"], jury()),
}

SELTEN = 'NFG 1 R "Selten (1975), figure 2" { "Player 1" "Player 2" }'
STRATEGIC: dict[str, str] = {
    "selten by payoffs": SELTEN + "{ 3 2 }\n 1 1 0 2 0 2 1 1 0 3 2 0 ",
    "selten by outcomes": SELTEN
    + '{ { "1" "2" "3" } { "1" "2" } }\n{ { "" 1, 1 } { "" 0, 2 } { "" 0 3 } { "" 2, 0 } } 1 2 2 1 3 4',
    "nine equilibria": 'NFG 1 R "McKelvey and McLennan (1997)" { "a" "b" "c" }'
    ' { { "1" "2" } { "1" "2" } { "1" "2" } } "" { { "" 9, 8, 12 } { "" 9, 8, 2 } { "" 3, 4, 6 } } 1 0 0 2 0 3 3 0',
    "a branch that bends back": 'NFG 1 R "McKelvey" { "1" "2" } { { "u" "d" } { "l" "r" } } "logit"'
    ' { { "ul" 6, 7 } { "dl" 7.32, 6 } { "ur" 6, 7 } { "dr" 1, 4 } } 1 2 3 4',
    "twelve extreme equilibria": 'NFG 1 R "Winkels (1979)" { "1" "2" } { 6 2 } '
    "1 1 1 0 3 -2 3 4 5/2 -1 5/2 6 3 2 3 -1 1 2 1 -1 5/2 6 5/2 -1",
}


def samples() -> dict[str, str]:
    """Every textbook game by name, as text of its format."""
    return {name: efg_text(name, players, root) for name, (players, root) in TREES.items()} | STRATEGIC


NUMBERS = ["0", "1", "-1", "2", "1/3", "-2/7", "0.25", "-.5", "1.", "2.5e-3", "1e2", "+3", "12/4", "-0.0"]


def random_tree(seed: int, *, most_nodes: int = 40, recall: bool | None = None) -> str:
    """A small tree: chance moves, payoffs on the way, information sets joined at random (so recall may fail).

    Descriptions are dropped where the format allows it, commas come and go, numbers are written in every way.
    `recall=True` joins no nodes, so that every player knows all that happened.
    """
    chance = random.Random(seed)
    players = chance.choice([1, 2, 2, 2, 3])
    lines: list[str] = []
    sets: list[list[tuple[int, int]]] = [[] for _ in range(players)]  # of each player: number, how many actions
    described: set[tuple[int, int]] = set()
    outcomes: dict[int, str] = {}
    open_nodes = 1
    while open_nodes:
        open_nodes -= 1
        room = most_nodes - len(lines) - open_nodes
        kind = "t" if room < 3 or (lines and chance.random() < 0.35) else chance.choice("pppc")
        words = [kind, chance.choice(['""', '"node"', '"say \\"so\\""'])]
        if kind == "c":
            odds = chance.choice([["1/2", ".5"], ["1/3", "2/3"], ["0.25", "0.25", "1/2"], ["1", "0"], ["1e-1", "9/10"]])
            body = chance.choice(["", ","]).join(f' "c{k}" {odd} ' for k, odd in enumerate(odds))
            words += [str(len(lines) + 1), '""', "{", body, "}"]
            open_nodes += len(odds)
        elif kind == "p":
            player = chance.randrange(players)
            known = [own for own in sets[player] if own[1] <= room - 1]
            if known and recall is not True and chance.random() < 0.5:
                number, count = chance.choice(known)
            else:
                number, count = 1 + len(sets[player]), chance.choice([1, 2, 2, 2, 3])
                sets[player].append((number, count))
            words += [str(player + 1), str(number)]
            if (player, number) not in described or chance.random() < 0.5:
                words += ['""', "{", *(f'"{"abc"[k]}"' for k in range(count)), "}"]
                described.add((player, number))
            open_nodes += count
        if kind == "t" or chance.random() < 0.2:
            words.append(_outcome(chance, outcomes, players))
        else:
            words.append("0")
        lines.append(" ".join(words))
    names = " ".join(f'"P{k + 1}"' for k in range(players))
    comment = chance.choice(["", '""', '"a \\"quoted\\" word\nand a line"'])
    return f'EFG 2 R "tree {seed}" {{ {names} }}\n{comment}\n' + chance.choice(["\n", " \t"]).join(lines)


def _outcome(chance: random.Random, outcomes: dict[int, str], players: int) -> str:
    number = chance.randrange(0, 6)
    if number == 0 or (number in outcomes and chance.random() < 0.5):
        return str(number)
    if number not in outcomes:
        comma = chance.choice([" ", ", ", ","])
        outcomes[number] = f'"o{number}" {{ {comma.join(chance.choice(NUMBERS) for _ in range(players))} }}'
    return f"{number} {outcomes[number]}"


def random_table(seed: int) -> str:
    """A small strategic game in one of the versions of the format, written in every way that is allowed."""
    chance = random.Random(seed)
    players = chance.choice([1, 2, 2, 2, 3, 4])
    sizes = [chance.choice([1, 2, 2, 3]) for _ in range(players)]
    profiles = list(product(*(range(n) for n in sizes)))
    if chance.random() < 0.5:
        strategies = " ".join(map(str, sizes))
    else:
        strategies = " ".join("{ " + " ".join(f'"s{k}"' for k in range(n)) + " }" for n in sizes)
    names = " ".join(f'"P{k + 1}"' for k in range(players))
    head = f'NFG 1 {chance.choice("RD")} "table {seed}" {{ {names} }} {{ {strategies} }}'
    comment = chance.choice(["", '""', '"a \\"quoted\\" word"'])
    if chance.random() < 0.5:
        body = chance.choice([" ", "\n"]).join(chance.choice(NUMBERS) for _ in range(len(profiles) * players))
    else:
        rows = [
            chance.choice([" ", ", "]).join(chance.choice(NUMBERS) for _ in range(players))
            for _ in range(chance.randint(1, 4))
        ]
        body = "{ " + " ".join(f'{{ "" {row} }}' for row in rows) + " }\n"
        body += " ".join(str(chance.randint(0, len(rows))) for _ in profiles)
    return f"{head} {comment}\n{body}\n"

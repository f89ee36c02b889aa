"""Strategic games in Gambit's `.nfg` files: payoffs or named outcomes, profile by profile, the first player's fastest.

Numbers stay the rationals that are written. A player or strategy without a label, or with one that another bears, gets
a number. The comment of a file says nothing about its game and is left.

Source: the Gambit project, "The strategic game (.nfg) file format", payoff version and outcome version.
"""

from fractions import Fraction
from math import prod
from pathlib import Path

import numpy as np

from sim.game.exact import ROUNDING_NOTE
from sim.game.game import Game, to_floats
from sim.game.tokens import Tokens, numbered, quoted, read_text, shown

GREATEST_PAYOFFS = 4_000_000  # profiles times players
GREATEST_PLAYERS = 32


def read_nfg(path: Path) -> Game:
    """Read a strategic game, both versions of the format.

    Raises:
        ScenarioError: the file does not hold together; the first problem with its place.
    """
    return parse_nfg(read_text(path, ".nfg"), str(path))


def parse_nfg(text: str, file: str) -> Game:
    """The game of an `.nfg` text; `file` is named in problems, and gives a title where there is none."""
    tokens = Tokens(file, text)
    tokens.take_word(["NFG"], "this is no strategic game of Gambit: an .nfg file begins with NFG 1 R.")
    tokens.take_word(["1"], "only version 1 of the .nfg format is known: it begins with NFG 1 R.")
    tokens.take_word(["R", "D"], "the file must go on with R (or D), after NFG 1.")
    title = tokens.take_text("the title of the game")
    players = take_labels(tokens, "a player's name")
    if not 1 <= len(players) <= GREATEST_PLAYERS:
        tokens.fail(f"the game has {len(players)} players; from 1 to {GREATEST_PLAYERS} can be read.")
    actions = _strategies(tokens, players)
    comment = tokens.take_text("the comment") if tokens.kind == "text" else ""
    sizes = tuple(len(own) for own in actions)
    if tokens.at_mark("{"):
        rows = _by_outcome(tokens, len(players), prod(sizes))
    else:
        rows = _payoffs(tokens, len(players), prod(sizes))
    # rows run through the profiles with player 1 fastest: the axes of a tensor in reverse
    flat = np.empty(len(rows), dtype=object)
    flat[:] = rows
    exact = np.ascontiguousarray(flat.reshape(*sizes[::-1], len(players)).transpose())
    note = comment if comment == ROUNDING_NOTE else ""
    return Game(title or Path(file).stem, players, actions, to_floats(exact), exact, note)


def game_to_nfg(game: Game) -> str:
    """The payoff version: one line of payoffs a profile. Gambit reads back the same rationals."""
    players = " ".join(quoted(name) for name in game.players)
    actions = "\n".join(f"  {{ {' '.join(quoted(label) for label in own)} }}" for own in game.actions)
    cells = [game.exact[(slice(None), *index[::-1])] for index in np.ndindex(*game.exact.shape[:0:-1])]
    rows = "\n".join(" ".join(str(value) for value in cell.tolist()) for cell in cells)
    comment = f"{quoted(game.note)}\n" if game.note else ""
    return f"NFG 1 R {quoted(game.title)} {{ {players} }}\n{{\n{actions}\n}}\n{comment}\n{rows}\n"


def take_labels(tokens: Tokens, what: str) -> tuple[str, ...]:
    """A list of texts in braces, each made one of its kind."""
    tokens.take_mark("{", f"before {what}")
    labels = []
    while not tokens.at_mark("}"):
        labels.append(tokens.take_text(f"{what}, or '}}',"))
        tokens.skip_comma()
    tokens.advance()
    return numbered(labels)


def _strategies(tokens: Tokens, players: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Lists of labels, or numbers of strategies, one a player."""
    tokens.take_mark("{", "before the strategies")
    by_label = tokens.at_mark("{")
    sizes, actions = [], []
    for player in players:
        place = tokens.start
        if by_label:
            actions.append(take_labels(tokens, "a strategy's name"))
            sizes.append(len(actions[-1]))
        else:
            sizes.append(tokens.take_count(f"the number of strategies of {shown(player)}", least=1))
        if sizes[-1] == 0:
            tokens.fail(f"{shown(player)} has no strategy.", "Give it at least one.", at=place)
        if prod(sizes) * len(players) > GREATEST_PAYOFFS:
            declared = " x ".join(map(str, sizes)) + (" x ..." if len(sizes) < len(players) else "")
            cause = f"{declared} profiles of {len(players)} players are more than {GREATEST_PAYOFFS:,} payoffs."
            tokens.fail(cause, at=place)
        tokens.skip_comma()
    tokens.take_mark("}", f"after the strategies of {len(players)} players")
    return tuple(actions) if by_label else tuple(tuple(str(k + 1) for k in range(n)) for n in sizes)


def _payoffs(tokens: Tokens, players: int, profiles: int) -> list[Fraction]:
    """Payoff version: one number a profile and player."""
    wanted = profiles * players
    found: list[Fraction] = []
    while tokens.kind != "end" and len(found) < wanted:
        found.append(tokens.take_number("a payoff"))
        tokens.skip_comma()
    _refuse_rest(tokens, len(found), wanted, "payoffs", f"profiles times players: {profiles:,} x {players}")
    return found


def _by_outcome(tokens: Tokens, players: int, profiles: int) -> list[Fraction]:
    """Outcome version: a list of outcomes, then the number of one a profile; 0 gives every player 0."""
    tokens.take_mark("{", "before the outcomes")
    outcomes = [[Fraction(0)] * players]
    while not tokens.at_mark("}"):
        tokens.take_mark("{", "before an outcome")
        tokens.take_text("the name of the outcome")
        outcomes.append(take_payoffs(tokens, players))
    tokens.advance()
    found: list[Fraction] = []
    count = 0
    while tokens.kind != "end" and count < profiles:
        place = tokens.start
        number = tokens.take_count("the number of an outcome", least=0)
        if number >= len(outcomes):
            tokens.fail(f"there is no outcome {number}: the list has {len(outcomes) - 1}.", at=place)
        found.extend(outcomes[number])
        count += 1
        tokens.skip_comma()
    _refuse_rest(tokens, count, profiles, "outcome numbers", "one a profile")
    return found


def take_payoffs(tokens: Tokens, players: int) -> list[Fraction]:
    """The payoffs of one outcome, one a player, up to the closing brace."""
    tokens.skip_comma()
    payoffs: list[Fraction] = []
    while not tokens.at_mark("}"):
        if len(payoffs) == players:
            tokens.fail(f"the outcome has more than {players} payoffs.", "Give one a player.")
        payoffs.append(tokens.take_number("a payoff"))
        tokens.skip_comma()
    if len(payoffs) < players:
        tokens.fail(f"the outcome has {len(payoffs)} of {players} payoffs.", "Give one a player.")
    tokens.advance()
    return payoffs


def _refuse_rest(tokens: Tokens, found: int, wanted: int, what: str, why: str) -> None:
    if found < wanted:
        tokens.fail(f"the file ends after {found:,} of {wanted:,} {what} ({why}).")
    if tokens.kind != "end":
        tokens.fail(f"the game is complete with {wanted:,} {what} ({why}), but the file goes on.")

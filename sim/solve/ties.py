"""The one tolerance on payoffs: a gain of at most this share of a player's payoff range is a tie.

Every floating-point solution concept compares payoffs with it and with nothing else; the exact route has no tolerance.
"""

TIE = 1e-12  # share of max - min of a player's payoffs over the profiles of one draw

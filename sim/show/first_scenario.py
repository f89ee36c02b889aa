"""The scenario that `sim new` writes: small, commented, and complete enough to show every section that matters."""

TEXT = """\
# {name}: two neighbours share a river, and a third watches. Change the names, then the numbers, then the argument.
# `sim check {name}.toml` says what is wrong, `sim run {name}.toml` plays it.

[scenario]
name = "{name}"                          # must equal the file's name
title = "Water for power"
about = "Upstream can release water in the dry season, downstream can pay for it with electricity."
headline = ["treaty", "conflict"]        # the events that tables show, in this order

# Who can do what. The order of options is a ladder: later means more.
[players.UP]
name = "Upstream"
moves.release = ["little", "much"]
[players.DOWN]
name = "Downstream"
moves.pay = ["nothing", "power"]
moves.posture = ["calm", "threaten"]
[players.BANK]
name = "Development bank"
moves.credit = ["refuse", "lend"]

# What we call things: true or false of a choice by everyone.
[events]
treaty = "release == 'much' and pay == 'power'"
conflict = "release == 'little' and posture == 'threaten'"

# What nobody knows: a central value and how far it may be off.
[parameters]
dryness = {{ value = {{ pert = [0.2, 0.6, 1.0] }}, unit = "share of the harvest", about = "What a dry season costs." }}
belief = {{ value = {{ uniform = [0.0, 1.0] }}, unit = "1", about = "How far a threat is believed upstream." }}
extra = {{ value = {{ triangular = [0.2, 0.5, 1.0] }}, unit = "power lines", about = "What a loan adds to one line." }}

# What follows from a choice: a quantity in its own unit.
[stakes]
harvest = {{ value = "dryness * treaty", unit = "share of the harvest", incentive = "water" }}
power = {{ value = "treaty * (1 + extra * (credit == 'lend'))", unit = "power lines", incentive = "power" }}
spill = {{ value = "release == 'much'", unit = "reservoirs emptied", incentive = "water" }}
crisis = {{ value = "belief * conflict", unit = "crises", incentive = "security" }}
bluster = {{ value = "posture == 'threaten'", unit = "threats", incentive = "security" }}
repaid = {{ value = "treaty and credit == 'lend'", unit = "loans", incentive = "money" }}
lost = {{ value = "credit == 'lend' and not treaty", unit = "loans", incentive = "money" }}

# Who cares, and how much: points of that player for one unit of the stake. Negative is bad.
[interests.UP]
power = {{ weight = {{ pert = [10, 30, 50] }} }}
spill = {{ weight = {{ pert = [-40, -25, -10] }} }}
crisis = {{ weight = {{ pert = [-60, -30, -10] }} }}
[interests.DOWN]
harvest = {{ weight = {{ pert = [30, 50, 70] }} }}
power = {{ weight = {{ pert = [-30, -15, -5] }} }}
crisis = {{ weight = {{ uniform = [-30, 10] }} }}
bluster = {{ weight = -1 }}
[interests.BANK]
repaid = {{ weight = 10 }}
lost = {{ weight = -10 }}

# A two-player game inside the big one, printed as a table and solved by nashpy.
[slices.bargain]
rows = "UP"
columns = ["pay"]
given = {{ posture = "calm", credit = "lend" }}

# Who moves when, for subgame-perfect play: one after another, or together in a list.
[orders.bank_first]
moves = ["credit", "pay", "release", "posture"]
[orders.threat_first]
moves = ["posture", ["pay", "release"], "credit"]
"""


def first_scenario(name: str) -> str:
    """The text of the file."""
    return TEXT.format(name=name)

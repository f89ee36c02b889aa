import numpy as np
import pytest

from sim.analysis.flips import CELLS, flips, followed
from sim.solvers.concepts import Request
from sim.sweeps.streams import sample


def test_the_place_of_the_flip_follows_the_worth_that_is_drawn(barter) -> None:
    # the deal stands where cost < RU.shells, so in each draw it flips once, at the worth that was drawn
    scenario = barter(shells="{ uniform = [3, 9] }")
    worth = sample(scenario, 1, 0, 500)["RU.shells"]
    always, possible = flips(scenario, "cost", requests=[Request("strong-2")], draws=500, seed=1)
    for one in (always, possible):
        assert (one.none, one.once, one.more, one.rises) == (0, 1, 0, 0)
        assert one.step == 10 / CELLS
        assert one.quantiles == pytest.approx(np.quantile(worth, [0.05, 0.25, 0.5, 0.75, 0.95]), abs=10 / CELLS)
    above = flips(scenario, "RU.shells", requests=[Request("strong-2")], draws=500, seed=1)[0]
    cost = sample(scenario, 1, 0, 500)["cost"]
    assert above.rises == 1
    assert above.none == pytest.approx(float(((cost < 3) | (cost > 9)).mean()), abs=0.02)


def test_under_plain_nash_a_deal_is_never_alone_so_always_flips_nowhere(barter) -> None:
    always, possible = flips(barter(), "cost", requests=[Request("pure-nash")], draws=20, seed=1)
    assert (always.none, always.quantiles, always.rises) == (1, None, None)
    assert (possible.once, possible.end) == (1, "possible")
    assert set(possible.to_dict()["quantiles"]) == {"5%", "25%", "50%", "75%", "95%"}


def test_the_numbers_followed_are_those_named_or_the_files(baseline, barter) -> None:
    assert followed(baseline, ()) == ("strategic_risk",)
    assert followed(baseline, ("need",)) == ("need",)
    assert followed(barter(), ()) == ()

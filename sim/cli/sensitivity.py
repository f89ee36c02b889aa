"""To ask which numbers move an event, of a scenario or of what was run or swept."""

import click

from sim.cli.asking import Given, print_answer
from sim.cli.frame import Command
from sim.cli.recorded import asked_of_source, source_options


@click.command(cls=Command)
@source_options
@click.pass_context
def sensitivity(ctx: click.Context, /, as_json: bool, **given: Given) -> None:
    """Which numbers move it?

    First and total Sobol' indices, for `always` and for `always or sometimes` apart. Numbers that are drawn together
    are one group. Without --concept: plain Nash, pairs, and the first two orders of moves. A folder gives its scenario,
    seed and concepts; the design of draws is always its own, of --draws and as many again for each group.

    \b
      sim sensitivity vladivostok-2023 --event technology --concept strong-2
      sim sensitivity out/vladivostok-2023
    """
    from sim.analysis.sensitivity import telling_rows
    from sim.analysis.sobol_indices import sensitivity as analysis
    from sim.show.progress import progress_bars
    from sim.show.sensitivity_answer import plain_sensitivity

    data, asked = asked_of_source(ctx, given, own_draws=True)
    if not given["concepts"]:
        asked["requests"] = telling_rows(asked["requests"])
    with progress_bars() as progress:
        found = analysis(data, **asked, progress=progress("groups"))
    print_answer(found, plain_sensitivity, as_json)

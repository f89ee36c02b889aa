"""The one document that the screen, `run --json`, `summary.json` and the report agree on."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.show.results import RunResults


def summary(results: RunResults, files: Iterable[str | Path] = ()) -> dict[str, Any]:
    """Plain lists, numbers and words; every row carries its own n.

    Args:
        results: of one run.
        files: what was written, as it is to be named; left as it is.
    """
    source = results.provenance
    return {
        "scenario": source.scenario,
        "hash": source.hash,
        "seed": source.seed,
        "draws": source.draws,
        "rows": [
            row.to_dict() | {"first_draws": results.headline.first_draws(row.share)} for row in results.headline.rows
        ]
        if results.headline
        else [],
        "slices": [own.to_dict() for own in results.slices],
        "files": [Path(one).as_posix() for one in files],
        "indices": results.indices.to_dict() if results.indices else [],
    }

"""What a replication package says of itself: what each file is, what makes it, and how one sees that it does."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from sim.scenario.reader import scenario_hash
from sim.show.pieces import Job

# What a file of the run shows, by the command that makes it; what is not named belongs to the run itself.
COMPARE = (
    "python -c \"import json; one, two = (json.load(open(f'{name}/summary.json')) for name in ('results', 'again'));"
    " [own.pop(key) for own in (one, two) for key in ('file', 'files')]; print('the same' if one == two else 'not the"
    " same')\""
)


def readme(job: Job, commands: Mapping[str, str], names: Sequence[str], versions: Sequence[str]) -> str:
    """The text, in Markdown.

    Args:
        job: the run.
        commands: by name, typed in the folder of the package.
        names: of all other files.
        versions: `name==version`.
    """
    own = next(line for line in versions if line.startswith("realpolitik=="))
    changed = "".join(f", `{name}` set to {value}" for name, value in job.values.items())
    parts = [
        f"# {job.scenario.title or job.scenario.name}: replication package",
        f"A run of the scenario `{job.scenario.name}` with {job.draws:,} draws, seed {job.seed}{changed}. Hash of the"
        f" scenario: `{scenario_hash(job.scenario)}`.",
        "## Do it again",
        f"With Python and the versions of `requirements.txt` ({own} and all that it needs), in this folder:",
        _code(["pip install -r requirements.txt", *commands.values()]),
        "The first command makes `summary.json`, `report.html` and the figures anew in the folder `again`. This says"
        " whether the numbers are those of `results` (the path of the scenario and the list of files may differ):",
        _code([COMPARE]),
        "The same versions give the same numbers to the last bit on one kind of machine. Whether no file of this"
        " package was changed:",
        _code(["sha256sum -c SHA256SUMS"]),
        "## Which command makes what",
        _table(commands, names),
        "## What else is here",
        _list(names),
    ]
    return "\n\n".join(parts) + "\n"


def _code(lines: Sequence[str]) -> str:
    return "\n".join(["```sh", *lines, "```"])


def _table(commands: Mapping[str, str], names: Sequence[str]) -> str:
    """One row a result: a figure of an analysis by its own command, the rest by the run or the report."""
    whole = "report" if "report" in commands else "run"
    by_report = {*commands, "sensitivity-indices"} - {"sensitivity"}  # the run's own figure is called `sensitivity`
    lines = ["| result | command |", "| --- | --- |"]
    stems = dict.fromkeys(PurePosixPath(name).with_suffix("") for name in names if name.startswith("results/"))
    for stem in dict.fromkeys(str(stem).removesuffix(".caption") for stem in stems):
        name = PurePosixPath(stem).name
        figure = PurePosixPath(stem).parent.name == "figures"
        if name in ("report", "analyses") or (figure and name in by_report):
            made = commands[whole]
        elif figure and name != "figures":
            made = f"sim plot again --figure {name}"
        else:
            made = commands["run"]
        lines.append(f"| `{stem}` | `{made}` |")
    lines += [f"| `{name}` in `results/analyses` | `{own}` |" for name, own in commands.items() if _asks(name)]
    return "\n".join(lines)


def _asks(name: str) -> bool:
    return name not in ("run", "report")


def _list(names: Sequence[str]) -> str:
    lines = [f"- `{name}`" for name in names if name.startswith("scenario/")]
    lines += [
        "- `requirements.txt`: the versions that made the results",
        "- `MANIFEST.json`: all of this for a program, with the SHA-256 of every file",
        "- `SHA256SUMS`: the same hashes, as `sha256sum` writes them",
    ]
    return "\n".join(lines)

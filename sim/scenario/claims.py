"""The register of claims: what the source says, one table a claim, which every `rests_on` of a scenario refers to."""

from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.model import Claim
from sim.scenario.source import read_source

TEXTS = ("voice", "source_type")


def read_claims(path: Path) -> dict[str, Claim]:
    """Read a claims file: tables `[claims.ID]` with `text`, and `voice`, `source_type`, `implied` where they are known.

    Further keys, such as the paragraph of the source, are free.

    Raises:
        ScenarioError: no such file, no TOML, or not a register of claims; nothing of the file's content is quoted.
    """
    source = read_source(path, quote=False)
    if isinstance(source, Problem):
        raise ScenarioError([source])
    register = source.data.get("claims")
    if not isinstance(register, dict):
        raise ScenarioError(
            [Problem(str(path), 1, 1, "the file holds no claims.", "A claim is a table [claims.its-id].")]
        )
    problems: list[Problem] = []
    claims: dict[str, Claim] = {}
    for name, table in register.items():
        place = source.places.of(("claims", name))
        line, column = (place.line, place.column) if place else (1, 1)
        if not isinstance(table, dict) or not isinstance(table.get("text"), str) or not table["text"].strip():
            problems.append(Problem(str(path), line, column, f"claim '{name}' has no text.", 'Write text = "...".'))
        elif not all(isinstance(table.get(key, ""), str) for key in TEXTS) or not isinstance(
            table.get("implied", False), bool
        ):
            problems.append(
                Problem(
                    str(path),
                    line,
                    column,
                    f"claim '{name}': voice and source_type are texts, implied is true or false.",
                )
            )
        else:
            voice, source_type = (table.get(key, "") for key in TEXTS)
            claims[name] = Claim(name, table["text"], voice, source_type, table.get("implied", False))
    if problems:
        raise ScenarioError(problems[:200])
    return claims

"""The JSON Schema for editors is the one that the models say, and the shipped scenarios fit it."""

import json
import tomllib
from pathlib import Path

import jsonschema

from sim.scenario.editor_schema import schema_text

ROOT = Path(__file__).parents[2]


def test_the_written_schema_is_up_to_date() -> None:
    written = (ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m sim.scenario.editor_schema"


def test_the_schema_is_a_schema_and_knows_a_wrong_key() -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = {"scenario": {"name": "x"}, "parameters": {"p": {"value": {"pert": [0, 1, 2]}}}}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "parametres": {}})
    assert not validator.is_valid({"scenario": {"name": "x"}, "parameters": {"p": {"value": {"pert": [0, 1]}}}})


def test_the_baseline_fits_the_schema() -> None:
    data = tomllib.loads((ROOT / "scenarios" / "vladivostok-2023.toml").read_text(encoding="utf-8"))
    data["scenario"]["as_of"] = data["scenario"]["as_of"].isoformat()
    assert jsonschema.Draft202012Validator(json.loads(schema_text())).is_valid(data)

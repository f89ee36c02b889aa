"""The JSON Schema of scenario files, for editors that complete keys: written from the pydantic models."""

import json
from pathlib import Path

from sim.scenario.schema import FileShape

TITLE = "A scenario file of realpolitik"


def schema_text() -> str:
    """The schema as indented JSON with a final line break."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FileShape.model_json_schema(), "title": TITLE}
    return json.dumps(made, indent=2, sort_keys=True) + "\n"


def write_schema(path: Path) -> None:
    """Write the schema, in UTF-8."""
    path.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write_schema(Path("docs/scenario.schema.json"))

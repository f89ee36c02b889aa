"""The register of claims."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.claims import read_claims


def test_a_register_is_read_and_further_keys_are_free(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(
        '[claims.a-b]\ntext = "T."\nvoice = "V"\nsource_type = "expert"\nimplied = true\nparagraph = [1, 2]\n'
    )
    claim = read_claims(path)["a-b"]
    assert (claim.text, claim.voice, claim.source_type, claim.implied) == ("T.", "V", "expert", True)


@pytest.mark.parametrize(
    "text",
    ["", "claims = 1", "[claims.a]\nvoice = 'x'", "[claims.a]\ntext = 'x'\nimplied = 'yes'", "[claims.a]\ntext = ' '"],
)
def test_what_is_no_register_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError):
        read_claims(path)


def test_the_shipped_register_is_read() -> None:
    claims = read_claims(Path(__file__).parents[2] / "seeds" / "claims.toml")
    assert claims["ru-needs-shells"].text

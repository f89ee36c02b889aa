"""The data that the scenarios rest on: the claims, the evidence by date, and what each shipped file says of itself."""

import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.reader import read_scenario

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
BASELINE = ROOT / "scenarios" / "vladivostok-2023.toml"
SHIPPED = sorted((ROOT / "scenarios").rglob("*.toml"))
OTHERS = {"cuba-1962"}  # arguments of their own
VARIANTS = [path for path in SHIPPED if path.parent == BASELINE.parent and path != BASELINE and path.stem not in OTHERS]
AS_OF = datetime.date(2023, 9, 6)
ASKED = {
    "deal-looks-rational",
    "meeting-uncertain",
    "how-worrying",
}  # what the game is asked, so no payoff rests on them


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def citations(table: object, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every `rests_on` under a table, with the dotted path of what rests on it."""
    if isinstance(table, dict):
        if "rests_on" in table:
            yield path, table["rests_on"]
        for key, value in table.items():
            yield from citations(value, f"{path}.{key}" if path else key)
    elif isinstance(table, list):
        for value in table:
            yield from citations(value, path)


CLAIMS = toml(SEEDS / "claims.toml")["claims"]
KNOWN = toml(SEEDS / "evidence-known.toml")
LATER = toml(SEEDS / "evidence-later.toml")


def test_there_are_47_claims_each_with_a_text_of_its_own_and_the_last_three_are_implied() -> None:
    assert len(CLAIMS) == 47  # the parser refuses an id that stands twice
    assert len({claim["text"] for claim in CLAIMS.values()}) == 47
    assert [claim["implied"] for claim in CLAIMS.values()] == [False] * 44 + [True] * 3


def test_every_claim_says_whose_it_is_and_whom_it_is_about() -> None:
    for name, claim in CLAIMS.items():
        assert set(claim) == {"text", "voice", "source_type", "implied", "paragraph", "about"}, name
        assert claim["source_type"] in {"official", "expert", "writer", "party denial"}, name
        assert claim["voice"], name
        assert set(claim["about"]) <= {"RU", "NK", "US", "CN", "KR"}, name


def test_every_paragraph_of_the_article_has_a_claim() -> None:
    paragraphs = [claim["paragraph"] for claim in CLAIMS.values()]
    assert {k for one in paragraphs for k in (one if isinstance(one, list) else [one])} == set(range(13))


def test_nothing_dated_later_stands_among_what_was_known() -> None:
    for name, record in KNOWN["evidence"].items():
        assert record.get("until", record["date"]) <= AS_OF, name
    assert all(prior["admissible"] for prior in KNOWN["priors"].values())


def test_nothing_that_was_known_stands_among_what_came_later() -> None:
    for name, record in LATER["evidence"].items():
        assert record["date"] > AS_OF, name
    assert not any(prior["admissible"] for prior in LATER["priors"].values())


@pytest.mark.parametrize("file", [KNOWN, LATER], ids=["known", "later"])
def test_every_record_of_evidence_names_its_source_and_claims_that_exist(file: dict[str, Any]) -> None:
    for name, record in file["evidence"].items():
        assert record["event"], name
        assert record["reported_by"], name
        assert record["standing"] in {"well established", "estimate", "contested"}, name
        assert record["checked"] in {"S", "G"}, name
        assert record["tests"], name
        assert set(record["tests"]) <= set(CLAIMS), name
        assert all(figure["unit"] for figure in record.get("figures", [])), name


def test_a_prior_informs_parameters_that_the_baseline_has() -> None:
    parameters = toml(BASELINE)["parameters"]
    used = {name for prior in KNOWN["priors"].values() for name in prior.get("uses", [])}
    assert used
    assert used <= set(parameters)


def test_the_modes_of_the_baseline_follow_the_published_figures_that_they_name() -> None:
    parameters, priors = toml(BASELINE)["parameters"], KNOWN["priors"]
    fired, made = priors["shells-fired"]["base"], priors["shells-made"]["base"]
    assert parameters["need"]["value"]["pert"][1] == pytest.approx((fired - made) / fired, abs=0.01)
    gap = priors["food-gap"]
    assert parameters["food_gap"]["value"]["pert"] == [gap["low"], gap["base"], gap["high"]]
    trade, share = priors["chinese-trade"]["base"], priors["chinese-share"]["base"]
    assert parameters["chinese_trade"]["value"]["pert"][1] == trade
    assert parameters["other_trade"]["value"] == pytest.approx(trade * (1 / share - 1), abs=0.005)


def test_every_claim_is_cited_by_the_baseline_and_six_at_most_by_a_term() -> None:
    cited = dict(citations(toml(BASELINE)))
    assert {claim for claims in cited.values() for claim in claims} == set(CLAIMS)
    assert max(map(len, cited.values())) <= 6


def test_what_the_game_is_asked_moves_no_payoff() -> None:
    baseline = toml(BASELINE)
    terms = {name: baseline[name] for name in ("parameters", "stakes", "interests", "correlated")}
    assert {claim for _, claims in citations(terms) for claim in claims} == set(CLAIMS) - ASKED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_reads_without_error_or_warning_under_its_own_name(path: Path) -> None:
    scenario = read_scenario(path)
    assert scenario.name == path.stem
    assert scenario.warnings == ()
    assert scenario.about


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.stem)
def test_a_variant_is_short_and_its_about_names_the_claim_that_it_serves(path: Path) -> None:
    file = toml(path)
    assert file["scenario"]["extends"] == BASELINE.name
    assert len(path.read_text(encoding="utf-8").splitlines()) <= (100 if path.stem == "five-players" else 35)
    assert any(f"`{claim}`" in file["scenario"]["about"] for claim in CLAIMS)


def test_another_crisis_rests_on_its_own_register_of_statements_from_before_its_outcome() -> None:
    cuba = toml(BASELINE.with_name("cuba-1962.toml"))
    register = toml(ROOT / "seeds" / "claims-cuba-1962.toml")["claims"]
    cited = {claim for _, claims in citations(cuba) for claim in claims}
    assert cited == set(register)
    assert all("1962" in claim["document"] and claim["voice"] for claim in register.values())


def test_all_eight_variants_are_shipped() -> None:
    assert {path.stem for path in VARIANTS} == {
        *("desperate-russia", "secure-russia", "china-restrains", "china-outbids"),
        *("disclosure-off", "oil-and-food-only", "five-players", "no-war"),
    }


def test_a_deal_fails_in_a_visible_share_of_draws_and_stands_in_a_visible_share() -> None:
    rows = sim.sweep(sim.load(BASELINE), 400, concepts=["pure-nash"]).table()
    deal = rows[(rows["concept"] == "pure-nash") & (rows["event"] == "deal")].iloc[0]
    assert deal["never"] > 0.1
    assert deal["sometimes"] > 0.1
    assert deal["always"] == 0  # nobody delivers alone: no deal is Nash in every draw


def test_no_war_leaves_fewer_draws_with_a_deal_than_the_baseline() -> None:
    def possible(name: str) -> float:
        rows = sim.sweep(sim.load(BASELINE.with_name(f"{name}.toml")), 300, concepts=["pure-nash"]).table()
        return float(rows[rows["event"] == "deal"].iloc[0]["upper"])

    assert possible("no-war") < possible("secure-russia") < possible("desperate-russia")

"""The full report: each question in its place, answered with the sentences and numbers of the analyses' documents."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.analysis.bounds import events_meant
from sim.scenario.model import ScenarioData
from sim.scenario.reader import read_scenario
from sim.show.figures.words import number, percent
from sim.show.full_report import ANALYSES, full_report
from sim.show.inquiry import Inquiry, inquire
from sim.show.main_job import compute, main_job
from sim.show.pieces import Job
from sim.show.report import report_html
from sim.show.report_parts import QUESTIONS
from sim.solvers.concepts import requests_for
from tests.show.html_balance import is_balanced

MARKET = Path(__file__).parent / "market.toml"
DRAWS = 400
STALL = """
[scenario]
name = "stall"
extends = "market.toml"
claims = "claims.toml"
decides = "RU"
threshold = "price"
[interests.RU]
shells = { rests_on = ["short-of-shells"] }
payment = { weight = { uniform = [-90, -10] } }
[interests.NK]
payment = { rests_on = ["hungry", "short-of-shells"] }
journey = { weight = { uniform = [-9, 4] }, rests_on = ["short-of-shells"] }
"""
CLAIMS = """
[claims.short-of-shells]
text = "The army fires more than it can make."
voice = "a newspaper"
[claims.hungry]
text = "There is not enough <grain>."
[claims.proud]
text = "Nobody likes to ask."
"""
METHOD = {"95", "1953", "1999", "2014", "2", "1", "0"}  # of sources, intervals, and names such as strong-2


def silent(name: str) -> Any:
    return lambda done, total: None


def stall_in(folder: Path) -> Path:
    """A scenario with claims and one who decides, with the files that it reads."""
    (folder / "market.toml").write_text(MARKET.read_text())
    (folder / "claims.toml").write_text(CLAIMS)
    path = folder / "stall.toml"
    path.write_text(STALL)
    return path


def job_for(data: ScenarioData, folder: Path, draws: int = DRAWS) -> Job:
    return Job(data, data.path, {}, requests_for(data), events_meant(data, None), draws, 1, folder, 2)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A run of the stall, written."""
    folder = tmp_path_factory.mktemp("stall")
    made = job_for(read_scenario(stall_in(folder)), folder / "out")
    main_job(made, say=lambda text: None, progress=silent)
    return made


@pytest.fixture(scope="module")
def short(job: Job) -> str:
    """The page of `sim run`, before the full report takes its place."""
    return (job.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def documents(job: Job, short: str) -> dict[str, Any]:
    told, paths = full_report(job, silent)
    assert {path.name for path in paths} >= {"report.html", ANALYSES}
    return told


@pytest.fixture(scope="module")
def page(job: Job, documents: dict[str, Any]) -> str:
    return (job.folder / "report.html").read_text(encoding="utf-8")


def headings(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<h2 [^>]*>([^<]*)</h2>", page)]


def section(page: str, name: str) -> str:
    """What a reader reads in a section: no tags, no pictures, no code."""
    text = page.split(f'<section id="{name}"')[1].split("</section>")[0]
    text = re.sub(r"<figure.*?</figure>|<code>.*?</code>|<svg.*?</svg>", " ", text, flags=re.S)
    return unescape(re.sub(r"<[^>]*>", " ", text))


def told_numbers(document: Any) -> Iterator[float]:
    """Every number of a document, and of the texts in it."""
    if isinstance(document, dict):
        for own in document.values():
            yield from told_numbers(own)
    elif isinstance(document, list):
        yield float(len(document))
        for own in document:
            yield from told_numbers(own)
    elif isinstance(document, str):
        yield from (float(one) for one in re.findall(r"\d+(?:\.\d+)?", document.replace(",", "")))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield float(document)


def spellings(value: float) -> set[str]:
    """How the page may say a number of a document: as it is, doubled for two standard errors, or as a percentage."""
    kept = {f"{value:.4g}", f"{value:.2f}", f"{value:.3f}", f"{value:,.0f}", number(value), number(2 * value)}
    kept |= {percent(value), f"{100 * value:.1f}", f"{value:.0%}", f"{value:.1%}"} if -1 <= value <= 1 else set()
    return {re.sub(r"[^\d.,e]", "", text) for text in kept}


def test_questions_come_in_the_order_in_which_they_are_asked(page: str) -> None:
    assert headings(page) == [
        "The answer in three sentences",
        "What holds, and in which sense of stable?",
        "Which sentences of the article carry it?",
        "What would one have to believe?",
        "Is it the numbers, or the model?",
        "What to do?",
        "What to find out?",
        "Where exactly does it flip?",
        "How do two unknowns share the plane?",
        "In which corner of the numbers does it live?",
        "Which numbers move it?",
        "Who wants what, and how much?",
        "What do the games inside look like?",
        "Were there enough draws?",
        "Where does each number come from?",
        "What can this page not say?",
        "How do you get the same page?",
    ]


def test_the_contents_name_every_section_in_its_order(page: str) -> None:
    listed = re.findall(r'<li><a href="#([\w-]+)">([^<]*)</a></li>', page)
    assert [unescape(text) for _, text in listed] == headings(page)[1:]
    assert [name for name, _ in listed] == re.findall(r'<section id="([\w-]+)"', page)[1:]


def test_each_section_of_an_analysis_says_how_it_is_known_and_what_to_type(
    page: str, documents: dict[str, Any]
) -> None:
    for name in QUESTIONS:
        own = page.split(f'<section id="{name}"')[1].split("</section>")[0]
        assert "How we know." in own
        assert f"<code>{documents[name]['command']}</code>".replace("'", "&#39;") in own


def test_the_sentences_are_those_of_the_documents(page: str, documents: dict[str, Any]) -> None:
    for name in ("structure", "policy", "learn"):
        assert documents[name]["answer"]["sentence"] in section(page, name)
    for one in documents["believe"]["answer"]:
        assert one["sentence"] in section(page, "believe")
    assert documents["sensitivity"]["answer"]["sentence"] in section(page, "sensitivity")


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_number_of_an_analysis_stands_in_the_documents(
    job: Job, page: str, documents: dict[str, Any], name: str
) -> None:
    known = set(METHOD)
    texts = [one.unit for one in job.scenario.parameters] + [one.text for one in job.scenario.claims.values()]
    for value in told_numbers([documents, texts]):
        known |= spellings(value)
    shown = re.findall(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?:e[-−]?\d+)?", section(page, name))
    assert len(shown) > 3
    assert [one for one in shown if re.sub(r"[^\d.,e]", "", one).rstrip(",") not in known] == []


def test_a_claim_is_told_with_its_voice_and_what_it_changes(page: str, documents: dict[str, Any]) -> None:
    text = section(page, "challenge")
    row = next(one for one in documents["challenge"]["answer"]["rows"] if one["claim"] == "short-of-shells")
    told = text.split("The army fires more than it can make. (a newspaper)")[1]
    assert told.split()[0] == percent(row["flipped"])
    assert "carry nothing here: proud." in text
    assert "There is not enough <grain>." in text  # escaped in the page


def test_a_flip_over_draws_is_told_beside_the_one_at_best_guesses(page: str, documents: dict[str, Any]) -> None:
    over = [own for own in documents["thresholds"]["answer"]["over_draws"] if own["quantiles"]]
    assert over
    text = section(page, "threshold")
    assert f"Where price flips an event in {over[0]['n']:,} sampled sets" in text
    for own in over:
        assert f"{own['quantiles']['50%']:.4g}" in text
        assert percent(own["once"]) in text


def test_ranks_are_not_regretted(root: Path, tmp_path: Path) -> None:
    data = sim.load(root / "scenarios" / "published" / "cuba-chicken.toml").data
    assert data.table is not None
    ordinal = replace(data, table=replace(data.table, ordinal=True), decides=data.players[0].name)
    assert "policy" not in inquire(job_for(ordinal, tmp_path, draws=5), silent).asked


def test_the_page_is_whole_and_fetches_nothing(page: str) -> None:
    assert is_balanced(re.sub(r"<svg.*?</svg>", "", page, flags=re.S).replace("<!doctype html>", ""))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert re.findall(r'<(?:link|script|iframe|img)\b|\ssrc="[^"]*"|href="(?!#|data:)[^"]*"', page) == []


def test_the_page_of_a_run_says_what_the_report_adds_and_has_none_of_it(short: str) -> None:
    assert not set(QUESTIONS.values()) & set(headings(short))
    added = re.search(r"<code>sim report DIR</code>, [^:]*: (.*?)</p>", short, re.S)
    assert added is not None
    assert unescape(added[1]) == " ".join(QUESTIONS.values())


def test_the_documents_are_written_and_the_summary_names_them(job: Job, documents: dict[str, Any]) -> None:
    assert json.loads((job.folder / ANALYSES).read_text(encoding="utf-8")) == json.loads(json.dumps(documents))
    told = json.loads((job.folder / "summary.json").read_text(encoding="utf-8"))
    assert {"report.html", ANALYSES, "summary.json"} <= set(told["files"])
    assert len(told["files"]) == len(set(told["files"]))
    assert all((job.folder / name).is_file() for name in told["files"])


def test_a_folder_with_other_numbers_than_come_out_is_refused(job: Job, documents: dict[str, Any]) -> None:
    path = job.folder / "summary.json"
    kept = path.read_text(encoding="utf-8")
    told = json.loads(kept)
    told["rows"][0]["always"] += 1e-9
    path.write_text(json.dumps(told))
    try:
        with pytest.raises(sim.errors.UsageError, match="other numbers"):
            full_report(job, silent)
    finally:
        path.write_text(kept, encoding="utf-8")


def test_what_a_scenario_gives_no_ground_for_is_not_asked(root: Path, tmp_path: Path) -> None:
    data = sim.load(root / "scenarios" / "published" / "prisoners-dilemma.toml").data
    job = job_for(data, tmp_path, draws=5)
    found = inquire(job, silent)
    assert set(found.asked) == {"prove", "believe", "structure"}
    assert found.challenge is found.policy is found.learning is found.discovery is None
    results, three = compute(job, say=lambda text: None, progress=silent)
    page = report_html(results, sentences=three, inquiry=found)
    assert [name for name, text in QUESTIONS.items() if text in headings(page)] == ["believe", "structure"]
    assert "sim report DIR</code>, with" not in page


def test_the_commands_of_the_inquiry_carry_what_was_set_and_narrowed(tmp_path: Path) -> None:
    data = sim.load(stall_in(tmp_path)).set(price="1/2").data
    rows = requests_for(data, ["strong-2"])
    job = Job(data, "stall.toml", {"price": "1/2"}, rows, ("trip",), 20, 3, tmp_path, 2, ("--concept", "strong-2"))
    asked = inquire(job, silent).asked
    head = "sim {} stall.toml --set price=1/2 --draws 20 --seed 3 --concept strong-2"
    assert asked["structure"].command == head.format("structure") + " --event trip"
    assert asked["policy"].command == head.format("policy")
    assert asked["learn"].command == head.format("learn") + " --player RU"
    assert asked["shapley"].command == head.format("challenge") + " --event trip --shapley"
    assert asked["thresholds"].command == head.format("thresholds") + " --event trip"


def test_an_empty_inquiry_has_no_documents() -> None:
    assert Inquiry().to_dict() == {}

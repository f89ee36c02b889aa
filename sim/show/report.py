"""One page that a newcomer can read from top to bottom: the answer, how it comes about, and what it cannot say.

The page stands alone: figures are inline, nothing is fetched, and the same results give the same bytes. It computes
nothing; every number is that of the results, which the screen and `summary.json` show too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.analysis.answer import structure_notes, three_sentences
from sim.analysis.indices import median_span, span
from sim.analysis.sensitivity import Effect
from sim.analysis.slices import SliceResult
from sim.analysis.thresholds import Threshold
from sim.game.exact import central_rationals, normal_form_game
from sim.game.plain_html import game_html
from sim.scenario.model import ScenarioData
from sim.show.equilibria import completeness, strategies
from sim.show.figures.draw import plan
from sim.show.figures.files import Drawing, rendered
from sim.show.figures.words import capital, number, percent, plain, row_label, set_text
from sim.show.headline_table import SHUFFLED
from sim.show.inquiry import Inquiry, main_row
from sim.show.origins import cited_claims, helper_rows, parameter_rows, term_rows
from sim.show.report_choices import flips, flips_over_draws, variance_section
from sim.show.report_parts import QUESTIONS
from sim.show.report_sections import sections
from sim.show.results import RunResults
from sim.solvers.concepts import Request
from sim.sweeps.status import STATUSES
from sim.whole_file import write_whole

COLUMNS = 2  # the figures of the page are those of a two-column paper
MOST_NUMBERS = 12  # rows of the table of effects
MOST_EQUILIBRIA = 12  # of a slice, written out; the rest are counted
AFTER = ("discover",)  # analyses that follow the thresholds
# The sections that every page has, in their order; FIRST and LATER are where the analyses come in.
CONTENTS = (
    ("events", "What holds, and in which sense of stable?"),
    ("threshold", "Where exactly does it flip?"),
    ("map", "How do two unknowns share the plane?"),
    ("sensitivity", "Which numbers move it?"),
    ("incentives", "Who wants what, and how much?"),
    ("matrices", "What do the games inside look like?"),
    ("convergence", "Were there enough draws?"),
    ("origins", "Where does each number come from?"),
    ("limits", "What can this page not say?"),
    ("again", "How do you get the same page?"),
)
FIRST, LATER = 1, 3
RECORDED = ("realpolitik", "numpy", "scipy", "nashpy", "matplotlib")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as it stands in the page."""

    svg: Markup
    message: str
    notes: tuple[str, ...]


def write_report(
    results: RunResults,
    folder: Path,
    *,
    sentences: Sequence[str] | None = None,
    command: str | None = None,
    drawn: Path | None = None,
    inquiry: Inquiry | None = None,
) -> Path:
    """Write `report.html`; it appears whole or not at all.

    Args:
        results: of one run.
        folder: made where it is missing.
        sentences: the three sentences as the screen shows them; made from the results where left out.
        command: what was typed; where left out, the run of the scenario by name, with draws and seed.
        drawn: a folder where the figures of these very results lie already; what is not there is drawn.
        inquiry: the answers of the analyses; the page names what it lacks where they are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = report_html(results, sentences=sentences, command=command, drawn=drawn, inquiry=inquiry)
    return write_whole(folder / "report.html", page)


def report_html(
    results: RunResults,
    *,
    sentences: Sequence[str] | None = None,
    command: str | None = None,
    drawn: Path | None = None,
    inquiry: Inquiry | None = None,
) -> str:
    """The page as text. Arguments as in `write_report`."""
    environment = Environment(
        loader=PackageLoader("sim.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "capital": capital,
        "number": number,
        "percent": percent,
        "points": _points,
        "ticks": _ticks,
    }
    content = _content(results, sentences, command) | {"pictures": _pictures(results, inquiry or Inquiry(), drawn)}
    content |= _asked(results, inquiry or Inquiry())
    return environment.get_template("report.html.j2").render(content)


def inline_svg(svg: str, label: str) -> Markup:
    """An SVG file as an element of a page: as wide as its place, named for whoever cannot see it, with no own styles.

    A style sheet inside an inline drawing would hold for the whole page: matplotlib's single rule becomes attributes.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<title>.*?</title>", "", body, flags=re.DOTALL)
    head, rest = body.split(">", 1)
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    points = float(
        re.findall(r'viewBox="\S+ \S+ (\S+) ', head)[0]
    )  # so that type is neither huge nor too small to read
    size = f'style="max-width: {points / 10:.1f}rem; min-width: {points / 15:.1f}rem"'
    look = Markup(f'{head} stroke-linejoin="round" stroke-linecap="butt" {size}')
    return look + Markup(' role="img" aria-label="{}">').format(label) + Markup(rest)


def _content(results: RunResults, sentences: Sequence[str] | None, command: str | None) -> dict[str, Any]:
    scenario, head, source = results.scenario, results.headline, results.provenance
    titles = scenario.titles()
    if sentences is None and head is not None:
        sentences = three_sentences(head, results.effects, results.thresholds)
    return {
        "scenario": scenario,
        "titles": titles,
        "as_of": f"{scenario.as_of.day} {scenario.as_of:%B %Y}" if scenario.as_of else "",
        "about": _paragraphs(scenario.about),
        "sentences": list(sentences or ()),
        "source": source,
        "changed": set_text(source.values),
        "events": _events(results, titles),
        "statuses": STATUSES,
        "shuffled": f"where {SHUFFLED[head.shuffling]}" if head else "",
        "structure": structure_notes(head) if head else (),
        "incentives": results.incentives.to_dict() if results.incentives and results.incentives.rows else None,
        "indices": _indices(results, titles),
        "slices": [_slice(own, titles) for own in results.slices],
        "whole_game": "" if results.slices else _whole_game(scenario, titles),
        "effects": [effect.to_dict() | {"row": _row(effect, titles)} for effect in strongest(results.effects)],
        "thresholds": _threshold_table(results.thresholds, titles),
        "map": results.regime_map,
        "map_row": _row(results.regime_map, titles) if results.regime_map else "",
        "convergence": results.convergence,
        "terms": term_rows(scenario),
        "helpers": helper_rows(scenario),
        "parameters": parameter_rows(scenario),
        "claims": cited_claims(scenario),
        "command": command or f"sim run {source.scenario} --draws {source.draws} --seed {source.seed}",
        "versions": [("Python", python_version()), *((name, version(name)) for name in RECORDED)],
        "plain": lambda name: plain(name, titles),
    }


def _asked(results: RunResults, inquiry: Inquiry) -> dict[str, Any]:
    """The sections of the analyses, those before the thresholds first; what is not there is named by its question."""
    requests = (
        [Request(own.share.concept, own.share.order) for own in results.headline.rows] if results.headline else []
    )
    rows, titles = list(dict.fromkeys(requests)), results.scenario.titles()
    made = sections(inquiry, results.scenario, rows)
    variance = inquiry.sensitivity
    asked = inquiry.asked
    contents = list(CONTENTS)
    contents[LATER:LATER] = [(name, own.question) for name, own in made.items() if name in AFTER]
    contents[FIRST:FIRST] = [(name, own.question) for name, own in made.items() if name not in AFTER]
    return {
        "first": [own for name, own in made.items() if name not in AFTER],
        "later": [own for name, own in made.items() if name in AFTER],
        "missing": [] if asked else list(QUESTIONS.values()),
        "flips": flips(inquiry.thresholds.rows, titles) if inquiry.thresholds else None,
        "over_draws": flips_over_draws(inquiry.thresholds.over_draws, titles) if inquiry.thresholds else None,
        "groups": variance_section(variance, titles, main_row(rows).name, asked["sensitivity"]) if variance else None,
        "flips_commands": [asked["thresholds"].command] if "thresholds" in asked else [],
        "asked": list(asked.values()),
        "contents": contents,
    }


def _indices(results: RunResults, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One table an index, a row a concept."""
    tables: dict[str, dict[str, Any]] = {}
    for row in results.indices.rows if results.indices else ():
        table = tables.setdefault(row.index, {"name": row.index, "of": titles[row.of], "rows": []})
        label = row_label(row.concept, row.order, titles)
        table["rows"].append((label, span(row.central), median_span(row), row.with_equilibrium))
    return list(tables.values())


def strongest(effects: Sequence[Effect]) -> list[Effect]:
    """For each number its greatest effect, greatest first; numbers without any are left out."""
    best: dict[str, Effect] = {}
    for effect in effects:
        if effect.size > 0 and (effect.parameter not in best or effect.size > best[effect.parameter].size):
            best[effect.parameter] = effect
    return sorted(best.values(), key=lambda own: -own.size)[:MOST_NUMBERS]


def _events(results: RunResults, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One block an event that the table shows, in its order, with its rows as in `summary.json`."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in results.headline.rows if results.headline else ():
        label = {"row": row_label(row.share.concept, row.share.order, titles)}
        rows.setdefault(row.share.event, []).append(row.to_dict() | label)
    known = {event.name: event for event in results.scenario.events}
    undeclared = {"text": "there is an equilibrium", "about": ""}  # what the engine counts where a file has no event
    return [{"event": known.get(name, undeclared | {"name": name}), "rows": own} for name, own in rows.items()]


def _pictures(results: RunResults, inquiry: Inquiry, drawn: Path | None) -> dict[str, Picture]:
    """Every figure that has something to show; what belongs to one number is called `threshold`.

    Those of the analyses are taken where they are drawn.
    """
    pictures = {}
    for name, (draw, missing) in plan(results).items():
        if not missing and name != "payoff-matrices":  # the page holds these as tables
            key = "threshold" if name.startswith("threshold") else name
            pictures[key] = _drawn_picture(drawn, name) or _picture(draw(results, COLUMNS), name)
    for name in inquiry.asked:
        own = _drawn_picture(drawn, name)
        if own is not None and name not in pictures:
            pictures[name] = own
    return pictures


def _drawn_picture(folder: Path | None, name: str) -> Picture | None:
    paths = [folder / f"{name}{ending}" for ending in (".svg", ".caption.txt")] if folder else []
    if not paths or not all(path.is_file() for path in paths):
        return None
    svg, caption = (path.read_text(encoding="utf-8") for path in paths)
    return _captioned(svg, caption)


def _picture(drawing: Drawing, name: str) -> Picture:
    return _captioned(rendered(drawing.figure, "svg", name).decode(), drawing.caption)


def _captioned(svg: str, caption: str) -> Picture:
    message, *rest = caption.strip().splitlines()[:-1]  # the last line, scenario and seed, ends the page
    return Picture(inline_svg(svg, message), message, tuple(line for line in rest if line))


def _slice(own: SliceResult, titles: Mapping[str, str]) -> dict[str, Any]:
    solution = own.solution
    found = solution.equilibria
    given = ", ".join(f"{move}={option}" for move, option in own.given.items())
    return own.to_dict() | {
        "sides": [titles.get(name, name) for name in own.game.players],
        "table": Markup(game_html(own.game, titles, about=f"Held: {given}." if given else "")),
        "completeness": completeness(found),
        "played": [strategies(found, one) for one in found.equilibria[:MOST_EQUILIBRIA]],
    }


def _whole_game(scenario: ScenarioData, titles: Mapping[str, str]) -> Markup:
    """The central game itself, where the file has no two-player slices."""
    return Markup(game_html(normal_form_game(scenario, central_rationals(scenario)), titles))


def _threshold_table(thresholds: Sequence[Threshold], titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Rows are concepts and orders, columns are events, cells say where the status changes."""
    if not thresholds:
        return None
    cells: dict[str, dict[str, str]] = {}
    for own in thresholds:
        later = [(point.at, f"{point.status} at {number(point.at)}") for point in own.points]
        later += [(piece.start, f"{piece.status} from {number(piece.start)}") for piece in own.pieces[1:]]
        steps = [own.pieces[0].status, *(text for _, text in sorted(later, key=lambda step: step[0]))]
        text = "; ".join(steps)
        cells.setdefault(_row(own, titles), {})[own.event] = text
    first = thresholds[0]
    events = list(dict.fromkeys(own.event for own in thresholds))
    return {"of": first, "stop": first.pieces[-1].stop, "start": first.pieces[0].start, "events": events, "rows": cells}


def _points(value: float) -> str:
    text = f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"
    return text.replace("-", "−")


def _ticks(text: str) -> Markup:
    """Names that a file sets in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _row(own: Any, titles: Mapping[str, str]) -> str:
    return row_label(own.concept, own.order, titles)


def _paragraphs(text: str) -> list[str]:
    """Text of a file as paragraphs: a blank line or a numbered item begins a new one."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=\d+\. )", text.strip()) if part.strip()]

"""The analyses as sections of the report, in the order of the page.

Sentences are those of the results. Tables pick from the results what a reader needs first, say names as a reader says
them, and format numbers as every table does; the documents hold all rows.
"""

from collections.abc import Mapping, Sequence

from sim.analysis.believe import Belief, Beliefs
from sim.analysis.challenge import Challenge
from sim.analysis.prove import Proof
from sim.analysis.ranges import range_of, unit_of
from sim.analysis.sensitivity import telling_rows
from sim.analysis.structure import FACTORS, Structure
from sim.scenario.distributions import central
from sim.scenario.model import ScenarioData
from sim.show.figures.words import capital, listed, percent, plain, row_label
from sim.show.inquiry import Asked, Inquiry
from sim.show.report_choices import discover_section, learn_section, policy_section
from sim.show.report_parts import MOST_ROWS, QUESTIONS, Part, Section, Table, exact, merged, points
from sim.solvers.concepts import Request

PARTS = 3  # greatest parts named of a whole
MOST_NUMBERS = 4  # of a nearest set, those that move furthest; the documents have all


def sections(inquiry: Inquiry, scenario: ScenarioData, requests: Sequence[Request]) -> dict[str, Section]:
    """Every section that the inquiry has an answer for, by name.

    Args:
        inquiry: perhaps empty.
        scenario: whose names, units and claims are said.
        requests: the rows of the run; the tables of large answers show those that tell most.
    """
    titles, telling = scenario.titles(), {row.name for row in telling_rows(requests)}
    made: list[Section] = []
    if inquiry.challenge is not None:
        made.append(challenge_section(inquiry, inquiry.challenge, titles))
    if inquiry.beliefs:
        made.append(believe_section(inquiry, scenario, titles))
    if inquiry.structure is not None:
        made.append(structure_section(inquiry.structure, titles, inquiry.asked["structure"]))
    if inquiry.policy is not None:
        made.append(policy_section(inquiry.policy, titles, telling, inquiry.asked["policy"]))
    if inquiry.learning is not None:
        made.append(learn_section(inquiry.learning, titles, inquiry.asked["learn"]))
    if inquiry.discovery is not None:
        made.append(discover_section(inquiry.discovery, titles, inquiry.asked["discover"]))
    return {section.name: section for section in made}


def challenge_section(inquiry: Inquiry, found: Challenge, titles: Mapping[str, str]) -> Section:
    """Each claim taken out by itself, and the parts of all together under one row."""
    alive = [row for row in found.rows if not row.idle]
    rows = []
    for row in alive[:MOST_ROWS]:
        most = row.greatest
        before, after = most.before, most.after
        what = f"{plain(before.event)}, {row_label(before.concept, before.order, titles)}"
        ends = [
            f"{percent(one)} → {percent(two)}"
            for one, two in ((before.lower, after.lower), (before.upper, after.upper))
        ]
        rows.append(
            (row.claim, f"{row.text} ({row.voice})" if row.voice else row.text, percent(row.flipped), what, *ends)
        )
    head = ("claim", "what it says, and who", "sets changed", "moves most", "always", "possible")
    caption = f"Each claim taken out by itself, those that change most first; share of {found.draws:,} sampled sets"
    parts = [Part(table=Table(caption, head, tuple(rows)))]
    if len(alive) > MOST_ROWS:
        parts.append(Part(sentences=(f"{len(alive) - MOST_ROWS} further claims change less.",)))
    idle = [row.claim for row in found.rows if row.idle]
    if idle:
        parts.append(Part(sentences=(f"These touch no payoff, and so carry nothing here: {listed(idle)}.",)))
    table = _shapley(inquiry.together, titles) if inquiry.together else None
    if table and table.rows:
        parts.append(Part("Who says it: the claims together", table=table))
    return Section(
        "challenge",
        QUESTIONS["challenge"],
        "Every weight, and some numbers, rest on claims of the source. Each claim is taken out by turns: what rests on"
        " it gets weight 0, or the value that the file gives for a world without it, and all else stays as it was in"
        " every sampled set. A set counts as changed where some event then has another status under some concept.",
        found.sentence,
        tuple(parts),
        "The same sampled sets are solved again without the claim, so a change is no sampling error. Parts of the whole"
        " (Shapley 1953): in each set the claims fall one after another in a random order, and what each changes in"
        " its turn is counted; the parts add up to the share with all claims less the share with none. Taking out a"
        " claim is not the same as believing its contrary, and a claim that carries much may still be true.",
        tuple(inquiry.asked[name].command for name in ("challenge", "shapley") if name in inquiry.asked),
    )  # fmt: skip


def _shapley(found: Challenge, titles: Mapping[str, str]) -> Table:
    """The parts under one row: by kind of source, and by claim."""
    rows, label = [], ""
    for one, kinds in zip(found.shapley, found.by_source, strict=True):
        if one.whole[0] != one.whole[1]:
            label = row_label(one.concept, one.order, titles)
            ends = (percent(one.whole[0]), percent(one.whole[1]))
            rows.append((plain(one.event), one.end, *ends, _greatest(kinds.shares), _greatest(one.shares)))
    caption = f"Under {label}, of {found.draws:,} sets: share with all claims, with none, and who brings the difference"
    head = ("event", "holds", "with all", "with none", "kinds of source, in points", "claims, in points")
    return Table(caption, head, tuple(rows), labels=2)


def _greatest(shares: Mapping[str, float]) -> str:
    order = sorted(shares, key=lambda own: -abs(shares[own]))[:PARTS]
    return ", ".join(f"{own} {points(shares[own])}" for own in order)


def believe_section(inquiry: Inquiry, scenario: ScenarioData, titles: Mapping[str, str]) -> Section:
    """For each event what the ranges allow, and the nearest numbers that give it."""
    proofs = {proof.event: proof for proof in inquiry.proofs}
    parts = [_event_part(one, proofs.get(one.event), scenario, titles) for one in inquiry.beliefs]
    nearest = [row for one in inquiry.beliefs for row in one.rows if row.answer == "found" and row.distance is not None]
    first = min(nearest, key=lambda row: row.distance or 0.0, default=None)
    sentence = inquiry.beliefs[0].sentence if first is None else f"Nearest of all: {first.sentence}"
    tried = max((proof.tried for proof in inquiry.proofs), default=0)
    return Section(
        "believe",
        QUESTIONS["believe"],
        "First, what the ranges allow: an event is necessary where it holds in every stable way of playing at every set"
        " of numbers in the ranges, impossible where it holds in none at any, possible where sets of both kinds are at"
        " hand. Then, how far from the best guesses one must go before it holds: in some stable way of playing, or in"
        " every one. The distance adds up the change of each number, as a share of half of its range.",
        sentence,
        tuple(parts),
        f"Necessary and impossible are said only with a proof over all numbers; possible only with a solved set on each"
        f" side, of {tried:,} that were tried. The near sets are solved again, and one per cent less of the change does"
        " not do; a nearer one may exist where the search is not a linear program. Nothing here says how credible a"
        " number is.",
        (inquiry.asked["prove"].command, inquiry.asked["believe"].command),
    )


def _event_part(found: Beliefs, proof: Proof | None, scenario: ScenarioData, titles: Mapping[str, str]) -> Part:
    verdicts = {(row.concept, row.order): row for row in proof.rows} if proof else {}
    middle = {name: float(central(known)) for name, known in scenario.distributions().items()}
    ends: dict[tuple[str, str | None], dict[str, Belief]] = {}
    for row in found.rows:
        ends.setdefault((row.concept, row.order), {})[row.end] = row
    rows = []
    for (concept, order), own in ends.items():
        verdict = verdicts.get((concept, order))
        said = [_belief(own[end], scenario, middle) if end in own else "" for end in ("some", "all")]
        rows.append((row_label(concept, order, titles), verdict.verdict if verdict else "", *said))
    head = ("concept or order", "over all ranges", "to hold in some equilibrium", "to hold in every equilibrium")
    name = plain(found.event)
    table = Table(
        f"{capital(name)}: what the ranges allow, and the least change from the best guesses", head, merged(rows, 0)
    )
    grounds: dict[tuple[str, str], list[str]] = {}
    for ground in proof.rows if proof else ():
        if ground.verdict in ("necessary", "impossible"):
            label = row_label(ground.concept, ground.order, titles)
            grounds.setdefault((ground.verdict, ground.proof), []).append(label)
    said_of = [f"{capital(verdict)} under {listed(where)}: {how}." for (verdict, how), where in grounds.items()]
    return Part(f"{capital(name)}", (found.sentence, *said_of), table)


def _belief(row: Belief, scenario: ScenarioData, middle: Mapping[str, float]) -> str:
    if row.answer == "holds already":
        return "holds already"
    if row.answer != "found":
        return "impossible" if row.answer == "impossible" else "none found"
    moves = {name: abs(value - middle[name]) / _half(scenario, name) for name, value in row.set.items()}
    first = sorted(moves, key=lambda name: -moves[name])
    said = []
    for name in first[:MOST_NUMBERS]:
        way = "at least" if row.set[name] > middle[name] else "at most"
        unit = unit_of(scenario, name)
        said.append(f"{name} {way} {exact(row.set[name])}{f' {unit}' if unit and unit != '1' else ''}")
    rest = [f"{len(first) - MOST_NUMBERS} more"] if len(first) > MOST_NUMBERS else []
    return f"{listed([*said, *rest])} ({row.distance:.2f} half-ranges)"


def _half(scenario: ScenarioData, name: str) -> float:
    low, high = range_of(scenario, name)
    return (high - low) / 2 or 1.0


def structure_section(found: Structure, titles: Mapping[str, str], asked: Asked) -> Section:
    """What divides the answers, and how far each share reaches over the structures."""
    versions = len({one.version for one in found.specifications}) > 1
    kept = [name for name in FACTORS if name != "version" or versions]
    shares = []
    for one in found.variance:
        own_parts = [percent(one.parts[name]) if one.total else "" for name in (*kept, "interactions")]
        shares.append((plain(one.event), *own_parts))
    spread = []
    for event in dict.fromkeys(one.event for one in found.specifications):
        own = [one for one in found.specifications if one.event == event]
        least, most = min(own, key=lambda one: one.share), max(own, key=lambda one: one.share)
        where = [f"{row_label(one.concept, one.order, titles)}, {one.end}" for one in (least, most)]
        cells = (percent(least.share), where[0], percent(most.share), where[1])
        spread.append((plain(event), *cells, percent(max(one.placebo for one in own))))
    names = {
        "numbers": "the numbers",
        "end": "every or some equilibrium",
        "concept": "the concept",
        "order": "the order of moves",
        "version": "the version",
    }
    head = ("event", *(names[name] for name in kept), "their interplay")
    ends = ("event", "least", "where", "greatest", "where", "greatest with shuffled weights")
    caption = f"Share of the variance over {found.draws:,} sampled sets and all structures; empty: the same everywhere"
    return Section(
        "structure",
        QUESTIONS["structure"],
        "Every sampled set of numbers is crossed with every way of solving it: the concept, the order of moves, and"
        " whether every stable way of playing must show the event or some. What then divides the answers?",
        found.sentence,
        (
            Part(table=Table(caption, head, tuple(shares))),
            Part(table=Table(f"How far the share reaches over all structures, of {found.draws:,} sampled sets", ends,
                             tuple(spread))),
        ),
        "An analysis of variance on the crossed table, whose cells are 0 or 1; parts add up to all. Interplay is what"
        " no factor does alone. Structures weigh the same, so a concept with many orders of moves counts for more; the"
        " parts say nothing about which structure is right, nor about structures that nobody wrote down.",
        (asked.command,),
    )  # fmt: skip

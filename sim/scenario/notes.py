"""What the reader finds while it reads: every problem and every warning, each at its place, and none of them twice."""

from dataclasses import dataclass, field

from sim.errors import Problem
from sim.scenario.places import Path, Place, Places

GREATEST_PROBLEMS = 200  # listed; the rest are counted


@dataclass(slots=True, eq=False)
class Notes:
    """The problems and warnings of one reading."""

    file: str
    places: Places
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    warnings: list[tuple[Place, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # names whose definition is at fault: no complaint about their use

    @property
    def full(self) -> bool:
        """True where further problems would only be counted."""
        return len(self.problems) >= GREATEST_PROBLEMS

    def wrong(self, path: Path, cause: str, mend: str = "", *, offset: int | None = None) -> None:
        """Note a problem at a key, or at a character of the string there."""
        if self.full:
            self.unlisted += 1
            return
        place = self.place(path) if offset is None else self.places.inside(path, offset) or self.place(path)
        self.problems.append(Problem(place.file, place.line, place.column, cause, mend))

    def warn(self, path: Path, text: str) -> None:
        """Note something that is no error."""
        if len(self.warnings) < GREATEST_PROBLEMS:
            self.warnings.append((self.place(path), text))

    def place(self, path: Path) -> Place:
        """The place of a key, or of what is nearest above it."""
        return self.places.of(path) or Place(self.file, 1, 1)

    def all_problems(self) -> list[Problem]:
        """The problems listed, with a count of those that are not."""
        if not self.unlisted:
            return self.problems
        last = max(problem for problem in self.problems if problem.file == self.problems[-1].file)
        cause = f"{self.unlisted:,} further problems are not listed."
        return [*self.problems, Problem(last.file, last.line, last.column, cause, "Mend these first.")]

    def all_warnings(self) -> tuple[str, ...]:
        """The warnings in the order of the file, each with its place."""
        ordered = sorted(set(self.warnings))
        return tuple(f"{place.file}:{place.line}:{place.column}: {text}" for place, text in ordered)

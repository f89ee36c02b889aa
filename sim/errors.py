"""What a user can meet when something is wrong: always a place, a cause and a mend, never a traceback."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file, at a place that an editor can jump to."""

    file: str
    line: int  # from 1
    column: int  # from 1, in characters
    cause: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.cause}{' ' if self.mend else ''}{self.mend}"


class RealpolitikError(Exception):
    """Whatever the user can mend. The command line prints it and ends with status 2."""


class ScenarioError(RealpolitikError):
    """A file that does not hold together: every problem found in it, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(RealpolitikError):
    """An option, a name or a value given at a door that does not fit."""


class PayoffError(RealpolitikError):
    """Payoffs of a wrong shape, or a number that is not finite."""

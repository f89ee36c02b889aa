"""What every command shares: how it is found, how its help is grouped, and how it ends where something is wrong.

Statuses: 0 done, 1 a requested check failed, 2 bad input or usage, 70 a fault of the program itself, 130 interrupted,
141 whoever read the output left.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

import click

from sim.errors import RealpolitikError
from sim.scenario.spelling import did_you_mean

BAD_INPUT, INTERNAL, INTERRUPTED, PIPE_CLOSED = 2, 70, 130, 141
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

ABOUT = """Turn an argument about international politics into a game, solve it, and say how far the answer holds.

\b
  sim run vladivostok-2023     the main job: payoffs, equilibria, 10,000 draws, figures, report
  sim list                     the scenarios that come with the program
"""

ENDING = """FILE is a path, or the name of a shipped scenario. `sim COMMAND --help` shows an example of each command.
Exit status: 0 done; 1 a requested check failed; 2 bad input or usage; 70 a fault of the program; 130 interrupted."""


class Refusal(click.ClickException):
    """Something that the user can mend: its text as it is, and nothing else, on standard error."""

    exit_code = BAD_INPUT

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message as it is."""
        click.echo(self.message, file=file, err=file is None)


class Command(click.Command):
    """A command whose misspelt options are answered with the nearest right one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the house's words for an unknown option."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            options = [name for one in self.get_params(ctx) for name in one.opts if name.startswith("--")]
            mend = did_you_mean(error.option_name, options)
            raise click.UsageError(
                f"'{error.option_name}' is no option of this command. {mend}".rstrip(), ctx
            ) from None


class Frame(click.Group):
    """The program: its commands in groups, and the last hand before an error reaches a person."""

    def __init__(self, groups: Mapping[str, Sequence[click.Command]], **settings: Any) -> None:
        super().__init__(**settings)
        self.groups = groups
        for commands in groups.values():
            for command in commands:
                self.add_command(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what a person wants."""
        for title, commands in self.groups.items():
            with formatter.section(title):
                formatter.write_dl([(str(one.name), one.get_short_help_str(80)) for one in commands], col_max=14)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest right name for a misspelt command."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            mend = did_you_mean(name, self.commands) or "`sim --help` shows them."
            raise click.UsageError(f"'{name}' is no command. {mend}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong in it ends as one plain message and a status."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:  # whoever read the output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)
        except RealpolitikError as error:
            raise Refusal(str(error)) from error
        except KeyboardInterrupt as error:
            raise Interruption(": ".join(["interrupted", *map(str, error.args)])) from None
        except OSError as error:
            if error.strerror is None:  # raised by a library, not by the system
                _internal(error)
            raise Refusal(f"{error.filename}: {error.strerror}" if error.filename else error.strerror) from error
        except MemoryError as error:
            raise Refusal(
                "not enough memory: ask for fewer draws, or write a sweep to disk with `sim sweep`"
            ) from error
        except Exception as error:
            _internal(error)


class Interruption(Refusal):
    """Ctrl-C."""

    exit_code = INTERRUPTED


class Fault(Refusal):
    """Something that only the program's authors can mend."""

    exit_code = INTERNAL


def _internal(error: Exception) -> NoReturn:
    if os.environ.get("SIM_TRACEBACK"):
        raise error
    text = " ".join(str(error).split())[:300]
    raise Fault(
        f"internal error: {type(error).__name__}: {text}\n"
        "This is a fault of the program, not of your input: please report it. SIM_TRACEBACK=1 shows where."
    ) from error


def program(groups: Mapping[str, Sequence[click.Command]]) -> Frame:
    """The whole command line."""
    frame = Frame(groups, name="sim", help=ABOUT, epilog=ENDING, context_settings=SETTINGS)
    frame.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help="Show the version and the package's path.",
        )
    )
    return frame


def _version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"realpolitik {version('realpolitik')} ({Path(__file__).resolve().parent.parent})")
        ctx.exit()


def print_json(document: Any) -> None:
    """One JSON document on one line of standard output; floats read back to the same float64, never NaN."""
    import json

    click.echo(json.dumps(document, allow_nan=False))


def note(text: str) -> None:
    """Something beside the answer: a warning, a choice that was made. On standard error."""
    click.echo(text, file=sys.stderr)

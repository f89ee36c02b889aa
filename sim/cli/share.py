"""To hand on: games in the words of other programs, and the shell's completion."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from sim.cli.frame import Command, print_json
from sim.cli.options import GAME_FILES, file_argument, given_path, json_option, read, set_option
from sim.errors import UsageError
from sim.whole_file import write_whole

SHELLS = ("bash", "zsh", "fish")


def _complete_form(ctx: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    return [CompletionItem(form) for form in ("nfg", "efg", "latex", "csv", "json") if form.startswith(start)]


@click.command(cls=Command)
@file_argument()
@click.option(
    "--to", required=True, metavar="FORM", shell_complete=_complete_form, help="nfg, efg, latex, csv or json."
)
@click.option("--slice", "cut", metavar="NAME", help="This two-player slice instead of the whole game.")
@click.option("--order", metavar="X", help="The game tree of this order of moves.")
@set_option()
@click.option("--out", metavar="PATH", help="A file; standard output if left out.")
@json_option()
def export(
    file: str,
    to: str,
    cut: str | None,
    order: str | None,
    values: dict[str, str],
    out: str | None,
    as_json: bool,
) -> None:
    """The game for Gambit, papers and spreadsheets.

    A scenario at central values; payoffs are fractions where they are exact. FILE may also be a game of Gambit's
    (.nfg, .efg). A tree leaves as efg, or as a picture in TikZ; in the other forms it is its reduced normal form.

    \b
      sim export vladivostok-2023 --to nfg --out vladivostok.nfg
      sim export vladivostok-2023 --to latex --slice bargain
      sim export deterrence --to efg --order in_turn
    """
    target = given_path(out) if out is not None else None
    if Path(file).suffix.lower() in GAME_FILES:
        from sim.api import read_game
        from sim.show.export_game import export_game

        if cut or order or values:
            raise UsageError(f"'{file}' is a game file: --set, --slice and --order are for scenarios.")
        text = export_game(read_game(file), to)
    else:
        from sim.show.export import export as exported

        text = exported(read(file, values), to, slice=cut, order=order)
    if target is not None:
        write_whole(target, text)
    if as_json:
        print_json({"file": file, "to": to, "slice": cut, "order": order, "out": out, "text": text})
    elif out is not None:
        click.echo(out)
    else:
        click.echo(text, nl=not text.endswith("\n"))


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options, scenarios and concepts.

    \b
      bash  eval "$(sim completion bash)"            in ~/.bashrc
      zsh   eval "$(sim completion zsh)"             in ~/.zshrc, after compinit
      fish  sim completion fish | source             in ~/.config/fish/config.fish
    """
    root = ctx.find_root()
    kind = get_completion_class(shell)
    assert kind is not None  # the choice names shells that click knows
    for name in ("sim", "realpolitik"):
        maker = kind(root.command, {}, name, f"_{name.upper()}_COMPLETE")
        click.echo(maker.source_template % maker.source_vars())

"""How commands are found, and how they end where something is wrong."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sim.cli import cli
from sim.cli.frame import Command, program

Type = Callable[..., Result]
COMMANDS = ("run", "new", "list", "check", "explain", "solve", "sweep", "plot", "export", "compare", "completion")


def python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=folder, check=False)


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command_in_its_group(sim: Type, flag: str) -> None:
    said = sim(flag)
    assert said.exit_code == 0
    words = said.output.split()
    assert [name for name in COMMANDS if name not in words] == []
    places = [said.output.index(f"\n{title}:") for title in ("Start", "Run", "Ask", "Show", "Share")]
    assert places == sorted(places)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example(sim: Type, command: str) -> None:
    said = sim(command, "--help")
    assert said.exit_code == 0
    assert f"sim {command}" in said.output.split("\n", 2)[2]
    assert "-h, --help" in said.output
    assert max(len(line) for line in said.output.splitlines()) <= 100


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, sim.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = set(python("-c", code, folder=tmp_path).stdout.split())
    assert "click" in loaded
    assert (
        loaded & {"numpy", "scipy", "matplotlib", "pandas", "pydantic", "pyarrow", "nashpy", "rich", "jinja2"} == set()
    )


def test_three_doors_give_one_version_and_the_place_of_the_package(root: Path, tmp_path: Path) -> None:
    expected = f"realpolitik {version('realpolitik')} ({root / 'sim'})\n"
    assert python("-m", "sim", "--version", folder=tmp_path).stdout == expected
    for name in ("sim", "realpolitik"):
        door = Path(sys.executable).parent / name
        assert subprocess.run([door, "--version"], capture_output=True, text=True, check=True).stdout == expected


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (("rum", "stag-hunt"), "'run'"),
        (("solve", "stag-hunt", "--concpt", "nash"), "'--concept'"),
        (("solve", "stag-hnt"), "'stag-hunt'"),
        (("solve", "stag-hunt", "--concept", "nsh"), "'nash'"),
        (("solve", "deterrence", "--concept", "subgame-perfect", "--order", "in_trun"), "'in_turn'"),
        (("solve", "vladivostok-2023", "--slice", "bargian"), "'bargain'"),
        (("solve", "vladivostok-2023", "--set", "strategic_rsk=3"), "'strategic_risk'"),
        (("run", "vladivostok-2023", "--event", "dael"), "'deal'"),
        (("run", "vladivostok-2023", "--order", "summit_frist"), "'summit_first'"),
        (("run", "vladivostok-2023", "--concept", "strong-22"), "'strong-4'"),
        (("run", "vladivostok-2023", "--concept", "nash"), "sim solve"),
        (("sweep", "stag-hunt", "--draws", "3", "--out", "o", "--concepts", "pure-nsh"), "'pure-nash'"),
        (("export", "stag-hunt", "--to", "late"), "'latex'"),
        (("explain", "stag-hunt", "--profile", "row=stg col=hare"), "'stag'"),
        (("explain", "stag-hunt", "--player", "RWO"), "'ROW'"),
        (("compare", "vladivostok-2023", "no-war", "--event", "dael"), "'dael'"),
        (("plot", "stag-hnt"), "'stag-hunt'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_right_name_and_nothing_is_written(
    sim: Type, tmp_path: Path, words: tuple[str, ...], nearest: str
) -> None:
    said = sim(*words)
    assert said.exit_code == 2
    assert nearest in said.stderr
    assert said.stdout == ""
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "stag-hunt", "--draws", "0"),
        ("run", "stag-hunt", "--draws", "many"),
        ("run", "stag-hunt", "--seed", "-1"),
        ("solve", "vladivostok-2023", "--set", "need"),
        ("solve", "vladivostok-2023", "--set", "need=much"),
        ("solve", "vladivostok-2023", "--set", "need=nan"),
        ("solve", "vladivostok-2023", "--set", "need=1/0"),
        ("solve", "vladivostok-2023", "--set", "need=1", "--set", "need=2"),
        ("solve", "no/such/file.toml"),
        ("solve", "x" * 5000),
        ("solve", "stag-hunt", "--concept", "subgame-perfect"),
        ("solve", "stag-hunt", "--order", "first"),
        ("solve", "stag-hunt", "--concept", "nash", "--order", "first"),
        ("run", "vladivostok-2023", "--concept", "pure-nash", "--order", "summit_first"),
        ("compare", "stag-hunt", "stag-hunt"),
        ("compare", "stag-hunt", "vladivostok-2023"),
        ("new", "a/b"),
        ("new", ""),
        ("completion", "tcsh"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_a_plain_message(sim: Type, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = sim(*words)
    assert said.exit_code == 2
    assert said.stdout == ""
    assert said.stderr.strip()
    assert "Traceback" not in said.stderr
    assert "internal error" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind_is_refused_by_its_name(sim: Type, tmp_path: Path) -> None:
    (tmp_path / "game.txt").write_text("stag hare", encoding="utf-8")
    said = sim("solve", "game.txt")
    assert said.exit_code == 2
    assert ".toml" in said.stderr


def failing(error: BaseException) -> Result:
    @click.command(cls=Command)
    def broken() -> None:
        raise error

    return CliRunner().invoke(program({"Run": [broken]}), ["broken"])


def test_a_fault_of_the_program_is_one_message_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIM_TRACEBACK", raising=False)
    said = failing(ZeroDivisionError("division\nby zero"))
    assert said.exit_code == 70
    assert "internal error: ZeroDivisionError: division by zero" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_fault_shows_its_place_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_TRACEBACK", "1")
    assert isinstance(failing(ZeroDivisionError("by zero")).exception, ZeroDivisionError)


def test_an_interruption_ends_with_130_and_says_what_is_kept() -> None:
    said = failing(KeyboardInterrupt("nothing was written"))
    assert said.exit_code == 130
    assert said.stderr == "interrupted: nothing was written\n"
    assert failing(KeyboardInterrupt()).stderr == "interrupted\n"


def test_a_full_disk_is_no_fault_of_the_program() -> None:
    said = failing(OSError(28, "No space left on device", "out/x"))
    assert said.exit_code == 2
    assert said.stderr == "out/x: No space left on device\n"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    script = f"{sys.executable} -m sim list --json | true; echo ${{PIPESTATUS[0]}}"
    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert (said.stdout, said.stderr) == ("141\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_both_programs(sim: Type, shell: str) -> None:
    said = sim("completion", shell)
    assert said.exit_code == 0
    assert "_SIM_COMPLETE" in said.output
    assert "_REALPOLITIK_COMPLETE" in said.output


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("sim run stag", "stag-hunt"), ("sim solve x --concept pu", "pure-nash"), ("sim ex", "explain")],
)
def test_a_shell_completes_scenarios_concepts_and_commands(tmp_path: Path, typed: str, offered: str) -> None:
    words = typed.split()
    said = subprocess.run(
        [Path(sys.executable).parent / "sim"],
        env={"_SIM_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1), "PATH": ""},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert f"plain,{offered}" in said.stdout.splitlines()


def test_every_command_takes_json() -> None:
    silent = [
        name for name, one in cli.commands.items() if "--json" not in {flag for p in one.params for flag in p.opts}
    ]
    assert silent == ["completion"]


def test_a_library_s_warning_does_not_reach_a_person(tmp_path: Path) -> None:
    code = (
        "import sys, warnings, sim.cli; sys.argv = ['sim', 'list'];"
        "own = sim.cli.cli.commands['list']; then = own.callback;"
        "own.callback = lambda *a, **k: (warnings.warn('for programmers'), then(*a, **k))[1]; sim.cli.main()"
    )
    assert python("-c", code, folder=tmp_path).stderr == ""
    assert "for programmers" in python("-W", "default", "-c", code, folder=tmp_path).stderr

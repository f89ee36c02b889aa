"""Solvers side by side: each gets a game as text and answers with profiles, in a process that can be stopped."""

import io
import json
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from queue import Empty, Queue
from typing import Any

import numpy as np

Profiles = list[list[list[float]]]
Tensor = np.ndarray  # Fractions, (players, n_1, ..., n_N)


@dataclass(frozen=True)
class Tool:
    """A solver, what it promises, and how it is asked."""

    name: str
    package: str
    promise: str  # "all" equilibria, or "one"
    players: str  # "2" or "any"
    ask: Callable[[Tensor], Profiles]


def floats(tensor: Tensor) -> list[np.ndarray]:
    return [np.array([float(value) for value in own.ravel()]).reshape(own.shape) for own in tensor]


def nashpy_by(algorithm: str) -> Callable[[Tensor], Profiles]:
    def ask(tensor: Tensor) -> Profiles:
        import nashpy

        return [[list(own) for own in pair] for pair in getattr(nashpy.Game(*floats(tensor)), algorithm)()]

    return ask


def nashpy_on_mapped_payoffs(tensor: Tensor) -> Profiles:
    """Payoffs mapped to [1, 2] first, as `sim` hands them to nashpy."""
    import nashpy

    import sim
    from sim.solvers.nashpy_bridge import mapped_payoffs

    game = nashpy.Game(*mapped_payoffs(sim.Game.from_arrays(*tensor)))
    return [[list(own) for own in pair] for pair in game.vertex_enumeration()]


def quantecon_by(algorithm: str) -> Callable[[Tensor], Profiles]:
    def ask(tensor: Tensor) -> Profiles:
        from quantecon import game_theory

        A, B = floats(tensor)
        game = game_theory.NormalFormGame((game_theory.Player(A), game_theory.Player(np.ascontiguousarray(B.T))))
        found = getattr(game_theory, algorithm)(game)
        return [[list(own) for own in pair] for pair in ([found] if algorithm == "lemke_howson" else found)]

    return ask


def gambit_by(algorithm: str, **options: Any) -> Callable[[Tensor], Profiles]:
    def ask(tensor: Tensor) -> Profiles:
        import pygambit

        found = getattr(pygambit.nash, algorithm)(pygambit.read_nfg(io.StringIO(nfg_text(tensor))), **options)
        single = [found.equilibrium] if getattr(found, "equilibrium", None) and found.success else []
        profiles = getattr(found, "equilibria", single)
        return [[[float(share) for _, share in own] for own in one] for one in profiles]

    return ask


def ours(tensor: Tensor) -> Profiles:
    import sim

    return [[list(own) for own in one.strategies] for one in sim.solve(sim.Game.from_arrays(*tensor)).equilibria]


def ours_in_batch(tensor: Tensor) -> Profiles:
    import sim

    batch = sim.solve_many(np.array([floats(tensor)]), "nash")
    return [[list(own) for own in one.strategies] for one in batch.equilibria(0).equilibria]


TOOLS = (
    Tool("realpolitik one game", "realpolitik", "all", "any", ours),
    Tool("realpolitik batch", "realpolitik", "all", "any", ours_in_batch),
    Tool("nashpy vertex", "nashpy", "all", "2", nashpy_by("vertex_enumeration")),
    Tool("nashpy vertex, mapped", "nashpy", "all", "2", nashpy_on_mapped_payoffs),
    Tool("nashpy support", "nashpy", "all", "2", nashpy_by("support_enumeration")),
    Tool("nashpy Lemke-Howson", "nashpy", "one", "2", nashpy_by("lemke_howson_enumeration")),
    Tool("quantecon vertex", "quantecon", "all", "2", quantecon_by("vertex_enumeration")),
    Tool("quantecon support", "quantecon", "all", "2", quantecon_by("support_enumeration")),
    Tool("quantecon Lemke-Howson", "quantecon", "one", "2", quantecon_by("lemke_howson")),
    Tool("Gambit enummixed rational", "pygambit", "all", "2", gambit_by("enummixed_solve", rational=True)),
    Tool("Gambit enummixed float", "pygambit", "all", "2", gambit_by("enummixed_solve", rational=False)),
    Tool("Gambit enumpoly", "pygambit", "all", "any", gambit_by("enumpoly_solve", use_strategic=True)),
    Tool("Gambit lcp", "pygambit", "one", "2", gambit_by("lcp_solve", rational=True, use_strategic=True)),
    Tool("Gambit logit", "pygambit", "one", "any", gambit_by("logit_solve", use_strategic=True)),
)
BY_NAME = {tool.name: tool for tool in TOOLS}


def nfg_text(tensor: Tensor) -> str:
    """The game as Gambit reads it: player 1's actions fastest."""
    sizes = tensor.shape[1:]
    cells = np.moveaxis(tensor, 0, -1).transpose(*reversed(range(len(sizes))), -1).ravel()
    names = " ".join(f'"{k + 1}"' for k in range(len(sizes)))
    return f'NFG 1 R "game" {{ {names} }} {{ {" ".join(map(str, sizes))} }}\n\n{" ".join(map(str, cells))}\n'


def answer(tool: Tool, tensor: Tensor) -> dict[str, Any]:
    """Profiles, the exception's name, and whether the tool warned."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            found, failure = tool.ask(tensor), None
        except Exception as error:
            found, failure = [], type(error).__name__
    return {"profiles": found, "error": failure, "warned": any(one.category is RuntimeWarning for one in heard)}


class Worker:
    """One tool in a process of its own, started again after each game that it did not end."""

    def __init__(self, tool: Tool, seconds: float) -> None:
        self.tool, self.seconds = tool, seconds
        self.process: subprocess.Popen[str] | None = None

    def ask(self, tensor: Tensor) -> dict[str, Any]:
        """The answer, or `{"late": True}`."""
        if self.process is None:
            self._start()
        assert self.process is not None
        assert self.process.stdin is not None
        asked = {"shape": list(tensor.shape), "payoffs": [str(value) for value in tensor.ravel()]}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        try:
            said = self.lines.get(timeout=self.seconds)
        except Empty:
            self.close()
            return {"profiles": [], "error": None, "warned": False, "late": True}
        if not said:
            self.close()
            return {"profiles": [], "error": "crash", "warned": False}
        return dict(json.loads(said))

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.reader.join()
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                pipe.close()
            self.process = None

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tools_compared", self.tool.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.lines: Queue[str] = Queue()
        self.reader = threading.Thread(target=_read, args=(self.process.stdout, self.lines), daemon=True)
        self.reader.start()
        ready = self.lines.get(timeout=120)  # libraries are loaded, and compiled, before the clock starts
        assert ready.strip() == "ready", ready


def _read(stream: Any, lines: "Queue[str]") -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def tensor_of(*payoffs: Sequence[Any]) -> Tensor:
    """One nested list a player, as Fractions."""
    arrays = [np.array(own, dtype=object) for own in payoffs]
    exact = np.empty((len(arrays), *arrays[0].shape), dtype=object)
    for place in np.ndindex(*exact.shape):
        exact[place] = Fraction(arrays[place[0]][place[1:]])
    return exact


def versions() -> str:
    """The packages and their versions, for a page."""
    names = dict.fromkeys(tool.package for tool in TOOLS)
    return ", ".join(f"{name} {version(name)}" for name in names)


def _serve(name: str) -> None:
    tool = BY_NAME[name]
    answer(tool, tensor_of([[3, 2], [4, 1]], [[3, 4], [2, 1]]))
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        exact = np.empty(len(asked["payoffs"]), dtype=object)
        exact[:] = [Fraction(value) for value in asked["payoffs"]]
        found = answer(tool, exact.reshape(asked["shape"]))
        found["profiles"] = [[[float(share) for share in own] for own in one] for one in found["profiles"]]
        print(json.dumps(found), file=out, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])

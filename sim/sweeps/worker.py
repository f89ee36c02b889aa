"""A worker process of a sweep: pieces in by standard input, lines of the manifest out by standard output.

It is started for this alone and imports nothing of the program that asked, so a script or a notebook without a guard
around its main code can ask too. It ends with whoever started it, however that ends.
"""

import os
import pickle
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

START = "import sys; sys.path[:] = sys.argv[1:]; from sim.sweeps.worker import main; main()"  # what the process runs


def main() -> None:
    """Answer pieces until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    asked: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    job, folder = asked.get()
    bench = None
    while True:
        piece = asked.get()
        try:
            if bench is None:
                from sim.sweeps.part import set_up

                bench = set_up(job)
            from sim.sweeps.part import finish_part

            answer: Any = finish_part(bench, Path(folder), piece)
        except Exception as error:
            answer = sendable(error)
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except OSError:  # whoever asked is gone: no orderly end, the other thread still listens
            os._exit(0)


def _listen(questions: IO[bytes], asked: "SimpleQueue[Any]") -> None:
    """Pass questions on. Where they end nobody waits for an answer any more: stop at once, also inside a piece."""
    while True:
        try:
            asked.put(pickle.load(questions))
        except (EOFError, pickle.UnpicklingError):
            os._exit(0)


def sendable(error: Exception) -> Exception:
    """The error itself where it survives the way to another process, else its words."""
    try:
        if type(pickle.loads(pickle.dumps(error))) is type(error):
            return error
    except Exception:  # whatever a foreign error does when it is copied: its words are sent instead
        return RuntimeError(f"{type(error).__name__}: {error}")
    return RuntimeError(f"{type(error).__name__}: {error}")

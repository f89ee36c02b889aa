"""A real browser, driven as a hand and an eye would: Chromium without a window, by its own debugging protocol."""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import websocket

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
# Waiting is done inside the page, which looks again at every frame, and gives up aloud.
WAIT = """new Promise((done, failed) => {
  const until = performance.now() + %d;
  const look = () => {
    const found = (() => { try { return %s; } catch (error) { return null; } })();
    if (found) done(found);
    else if (performance.now() > until) failed(new Error("still waiting for " + %s));
    else setTimeout(look, 50);
  };
  look();
})"""


class NotStartedError(Exception):
    """A program ended before it said where it listens."""


class Page:
    """One page of the browser."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._ids = socket, count(1)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol and its result; events that come between are dropped."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            pass
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def value(self, script: str) -> Any:
        """What an expression (or the promise that it is) comes to, as JSON."""
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True}
        found = self.send("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait_for(self, script: str, seconds: float = 30) -> Any:
        """Wait until an expression is true, and return it."""
        return self.value(WAIT % (seconds * 1000, script, json.dumps(script)))

    def click(self, script: str) -> None:
        """Press the mouse in the middle of the element that an expression finds."""
        where = "const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];"
        scroll = 'element.scrollIntoView({block: "center"});'
        x, y = self.value(f"(() => {{ const element = {script}; {scroll} {where} }})()")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str, code: int) -> None:
        """Press a key, where the focus is."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def screenshot(self, path: Path, width: int, height: int) -> None:
        """What a screen of that size shows."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A browser with a profile of its own in `folder`, and its first page; closed at the end."""
    words = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    words += [f"--user-data-dir={folder}", "--remote-debugging-port=0", "--window-size=1300,1000", "about:blank"]
    with started(words, r"DevTools listening on ws://([^/]+)/") as place:
        page = next(one for one in _targets(place) if one["type"] == "page")
        socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120, suppress_origin=True)
        try:
            yield Page(socket)
        finally:
            socket.close()


@contextmanager
def started(words: list[str], sign: str, **more: Any) -> Iterator[str]:
    """A program that says on standard error where it listens: what the first group of `sign` finds there."""
    program = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)
    try:
        heard = []
        for line in program.stderr:
            heard.append(line)
            if found := re.search(sign, line):
                break
        else:
            raise NotStartedError(f"{Path(words[0]).name} ended before it listened: {''.join(heard)[-500:]}")
        yield found[1]
    finally:
        program.terminate()
        program.communicate(timeout=30)


def _targets(place: str) -> list[dict[str, Any]]:
    from urllib.request import urlopen

    with urlopen(f"http://{place}/json/list", timeout=30) as answer:
        return json.load(answer)

"""A reader opens the explorer in a browser, runs it, and moves a slider: the table below is another one.

A notebook server, a browser and a kernel start, all on this machine: some 20 seconds, a minute where it is busy.
SIM_BROWSER=0 leaves it out.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import sim
from sim.solvers.concepts import default_requests
from tests.journeys.browser import CHROMIUM, NotStartedError, Page, browser, started

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here to click in"),
    pytest.mark.skipif(os.environ.get("SIM_BROWSER") == "0", reason="left out by SIM_BROWSER=0"),
]

MARKET = Path(__file__).parent.parent / "show" / "market.toml"
HOME, RIGHT = ("Home", 36), ("ArrowRight", 39)
RUN = 'void jupyterapp.commands.execute("notebook:run-all-cells")'
SLIDER = 'document.querySelectorAll(".sim-explore [role=slider]")[0]'
ROWS = """[...document.querySelectorAll(".sim-explore table")[0].tBodies[0].rows].map(
  row => [...row.cells].map(cell => cell.innerText))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The notebook that `sim explore` writes, opened in JupyterLab and run; one number to move, `price`."""
    folder = tmp_path_factory.mktemp("explore")
    words = ["explore", str(MARKET), "--number", "price", "--out", str(folder / "market.ipynb")]
    subprocess.run([sys.executable, "-m", "sim", *words], check=True, stdout=subprocess.DEVNULL)
    quiet = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}  # it asks the network
    (folder / "labconfig").mkdir()
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(quiet), encoding="utf-8")
    homes = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    surroundings = {**os.environ, **dict.fromkeys(homes, str(folder))}
    token = secrets.token_hex(16)
    lab = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    lab += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--expose-app-in-browser"]
    with (
        started(lab, r"(http://127\.0\.0\.1:\d+)/", env=surroundings, cwd=folder) as place,
        open_browser(folder / "profile") as shown,
    ):
        shown.send("Page.navigate", url=f"{place}/doc/tree/market.ipynb?token={token}")
        shown.wait_for('jupyterapp && document.querySelector(".jp-CodeCell")', 60)
        shown.value(RUN)
        shown.click(shown_when('document.querySelector(".jp-Dialog .jp-mod-accept")', shown))  # which Python: this one
        shown.wait_for('jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle"', 60)
        shown.value(RUN)
        shown.wait_for(f"{SLIDER} && document.querySelector('.sim-explore tbody')", 60)
        yield shown


@contextmanager
def open_browser(profile: Path) -> Iterator[Page]:
    """The browser; the tests are left out where it is there but may not start, as in some containers."""
    with ExitStack() as stack:
        try:
            page = stack.enter_context(browser(profile))
        except NotStartedError as error:
            pytest.skip(str(error))
        yield page


def shown_when(script: str, page: Page) -> str:
    """The same script, once it finds something."""
    page.wait_for(f"!!{script}", 60)
    return script


def statuses(page: Page) -> dict[str, list[str]]:
    return {row.removeprefix("▸ "): [cell.split()[1] for cell in cells] for row, *cells in page.value(ROWS)}


def solved(price: float) -> dict[str, list[str]]:
    market = sim.load(MARKET).set(price=price)
    found = {}
    for row in default_requests(market.data):
        status = sim.solve(market, row.concept, order=row.order).status
        found[row.name.replace(".", ", ")] = [status[event] for event in market.data.headline]
    return found


def test_a_slider_is_moved_by_mouse_and_keyboard_and_the_tables_follow(page: Page) -> None:
    assert statuses(page) == solved(0.5)
    page.click(SLIDER)
    assert page.value(f"document.activeElement === {SLIDER}")
    before = statuses(page)
    page.press(*HOME)
    page.wait_for('document.querySelector(".sim-explore input[type=number]").value === "0.1"')
    page.wait_for('document.querySelector(".sim-explore [role=status]").innerText.includes("0.5 → 0.1")')
    assert statuses(page) == solved(0.1) != before
    assert "(was always)" in page.value(
        ".".join(["document", 'querySelectorAll(".sim-explore table")[0]', "innerText"])
    )
    page.press(*RIGHT)
    page.wait_for('document.querySelector(".sim-explore [role=status]").innerText.includes("0.5 → 0.11")')
    page.click('[...document.querySelectorAll(".sim-explore button")].find(own => own.innerText.startsWith("Back"))')
    page.wait_for('document.querySelector(".sim-explore [role=status]").innerText.startsWith("All numbers")')
    assert statuses(page) == before


def test_a_concept_is_chosen_and_its_equilibrium_taken_apart(page: Page) -> None:
    choose = """(() => { const menu = document.querySelectorAll(".sim-explore select")[0];
      menu.value = [...menu.options].find(own => own.innerText === "pure-nash").value;
      menu.dispatchEvent(new Event("change", {bubbles: true})); })()"""
    page.value(choose)
    page.wait_for('document.querySelector(".sim-explore").innerText.includes("of 3 under pure-nash")')


def test_everything_that_can_be_moved_has_a_name_for_a_screen_reader(page: Page) -> None:
    fields = 'document.querySelectorAll(".sim-explore input, .sim-explore select")'
    labels = page.value(f"[...{fields}].map(own => own.labels.length ? own.labels[0].innerText : '')")
    assert labels == ["price", "concept", "order of moves", "equilibrium"]
    regions = page.value('[...document.querySelectorAll(".sim-explore [role=region]")].map(own => own.ariaLabel)')
    assert regions
    assert all(re.search(r"\w", own) for own in regions)


def test_on_a_narrow_screen_nothing_sticks_out(page: Page, tmp_path: Path) -> None:
    page.screenshot(tmp_path / "narrow.png", 640, 900)
    wide = """(() => { const right = own => own.getBoundingClientRect().right;
      const edge = right(document.querySelector(".sim-explore"));
      const parts = [...document.querySelectorAll(".sim-explore > *, .sim-explore .cards > *")];
      return parts.filter(own => right(own) > edge + 1).map(own => own.innerText.slice(0, 40)); })()"""
    assert page.value(wide) == []
    assert (tmp_path / "narrow.png").stat().st_size > 10_000

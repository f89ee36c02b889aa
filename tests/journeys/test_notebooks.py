"""A reader opens each notebook and runs it from top to bottom in a fresh kernel."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("*.ipynb"))
SECONDS = 120  # of one cell: each notebook is made to end well within that


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the client's own libraries
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_a_fresh_kernel(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert any(output.output_type in ("execute_result", "display_data") for output in outputs)
    heard = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    assert heard == []  # a warning on a reader's screen is a fault
    assert list(tmp_path.iterdir()) == []  # nothing is left where the notebook lies

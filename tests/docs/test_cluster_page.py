"""The script of docs/cluster.md runs, on this machine in SLURM's place, and asks for a job that SLURM reads."""

import re
import subprocess
import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster

from sim.sweeps.found import open_sweep


def script(root: Path) -> str:
    (found,) = re.findall(r"```python\n(.*?)```", (root / "docs/cluster.md").read_text(encoding="utf-8"), re.DOTALL)
    return found


HERE = """
from distributed import LocalCluster

class SLURMCluster(LocalCluster):
    def __init__(self, **asked):
        assert asked["walltime"] == "02:00:00"
        super().__init__(n_workers=0, threads_per_worker=1, dashboard_address=None, silence_logs=50)

    def scale(self, jobs):
        super().scale(min(jobs, 2))
"""


def test_the_script_sweeps_on_a_cluster_of_this_machine(root: Path, tmp_path: Path) -> None:
    few = script(root).replace("draws=100_000_000", "draws=64, chunk=16, concepts=['pure-nash']")
    few = few.replace("from dask_jobqueue", "from here")
    assert few.count("chunk=16") == few.count("from here") == 1
    (tmp_path / "here.py").write_text(HERE, encoding="utf-8")
    (tmp_path / "slurm_sweep.py").write_text(few, encoding="utf-8")
    words = [sys.executable, "slurm_sweep.py"]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, check=True, text=True, timeout=120)
    assert "pure-nash" in said.stdout
    opened = open_sweep(tmp_path / "sweeps/baseline")
    assert (opened.draws, opened.finished) == (64, True)


def test_slurm_reads_the_job_that_the_script_asks_for(root: Path) -> None:
    words = re.search(r"SLURMCluster\((.*?),\n    \)", script(root), re.DOTALL)
    assert words is not None
    cluster = eval(
        f"SLURMCluster({words[1]}, scheduler_options={{'dashboard_address': ':0'}})", {"SLURMCluster": SLURMCluster}
    )
    try:
        job = cluster.job_script()
    finally:
        cluster.close()
    assert all(line in job for line in ("#SBATCH -p compute", "#SBATCH -t 02:00:00", "#SBATCH --cpus-per-task=32"))
    assert "export OMP_NUM_THREADS=1" in job
    assert "distributed.cli.dask_worker" in job

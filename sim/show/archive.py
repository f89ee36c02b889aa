"""A replication package: what a run was made from, what came out, and what to type to make it again, in one zip file.

The scenario goes in with every file that it reads, placed as they lie to each other, so that it needs nothing from
where it came. Names are sorted and times fixed: the same run gives the same bytes.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from platform import python_version
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sim.errors import UsageError
from sim.scenario.files import files_read
from sim.scenario.reader import find_scenario, scenario_hash
from sim.show.archive_readme import readme
from sim.show.full_report import ANALYSES
from sim.show.main_job import command_of
from sim.show.pieces import Job
from sim.show.run_folder import SUMMARY
from sim.whole_file import write_whole

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can hold
MANIFEST, SUMS, README, VERSIONS = "MANIFEST.json", "SHA256SUMS", "README.md", "requirements.txt"
RESULTS, SCENARIO = "results", "scenario"


def write_archive(job: Job, path: Path) -> dict[str, Any]:
    """Pack the run in the job's folder; the file appears whole or not at all.

    Args:
        job: as recorded by the run: its scenario is the one that the run was made from.
        path: of the zip file.

    Returns:
        What `MANIFEST.json` holds.

    Raises:
        UsageError: a file of the run that is not there any more.
    """
    read = {f"{SCENARIO}/{name}": own for name, own in files_read(find_scenario(job.file)).items()}
    main, sources = next(iter(read)), {name: own.read_bytes() for name, own in read.items()}
    results = {f"{RESULTS}/{name}": own for name, own in _results(job.folder)}
    commands = _commands(job, main, results)
    versions = _versions()
    documents = sources | results | {VERSIONS: "".join(f"{line}\n" for line in versions).encode()}
    documents[README] = readme(job, commands, sorted(documents), versions).encode()
    manifest = {
        "scenario": job.scenario.name,
        "hash": scenario_hash(job.scenario),
        "file": main,
        "set": dict(job.values),
        "draws": job.draws,
        "seed": job.seed,
        "concepts": [row.name for row in job.requests],
        "events": list(job.events),
        "python": python_version(),
        "versions": versions,
        "commands": commands,
        "files": {name: sha256(documents[name]).hexdigest() for name in sorted(documents)},
    }
    documents[MANIFEST] = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    sums = [f"{sha256(documents[name]).hexdigest()}  {name}\n" for name in sorted(documents)]
    documents[SUMS] = "".join(sums).encode()
    write_whole(path, zipped(documents, job.scenario.name))
    return manifest


def zipped(documents: Mapping[str, bytes], root: str) -> bytes:
    """A zip file of these documents under one folder; the same documents give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as file:
        for name in sorted(documents):
            entry = ZipInfo(f"{root}/{name}", EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            file.writestr(entry, documents[name], compresslevel=9)
    return buffer.getvalue()


def _results(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that the run says it wrote."""
    told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    for name in sorted(set(told["files"]) | {SUMMARY}):
        try:
            yield name, (folder / name).read_bytes()
        except FileNotFoundError:
            raise UsageError(f"'{folder}' has lost '{name}', which its run wrote: run it again.") from None


def _commands(job: Job, main: str, results: Mapping[str, bytes]) -> dict[str, str]:
    """What makes each part of the results, typed in the folder of the package."""
    words = shlex.split(command_of(job))
    words[words.index(job.file)] = main
    commands = {"run": shlex.join([*words, "--out", "again"])}
    if f"{RESULTS}/{ANALYSES}" not in results:
        return commands
    commands["report"] = "sim report again"
    for name, own in json.loads(results[f"{RESULTS}/{ANALYSES}"]).items():
        words = shlex.split(own["command"])
        words[2] = main
        commands[name] = shlex.join(words)
    return commands


def _versions(name: str = "realpolitik") -> list[str]:
    """This package and all that it needs, as installed here: `name==version`, by name."""
    found: dict[str, str] = {}
    wanted: list[str] = [name]
    while wanted:
        own = wanted.pop()
        key = re.sub(r"[-_.]+", "-", own).lower()
        if key in found:
            continue
        try:
            known = distribution(own)
        except PackageNotFoundError:
            continue  # for another system or another Python
        found[key] = known.version
        wanted += _needed(known.requires or ())
    return [f"{key}=={found[key]}" for key in sorted(found)]


def _needed(requirements: Sequence[str]) -> list[str]:
    """Names of what is needed without any extra."""
    return [re.split(r"[ ;<>=!~\[(]", text)[0] for text in requirements if "extra ==" not in text]

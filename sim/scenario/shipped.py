"""The scenario files that come with the package: in a checkout `scenarios/`, installed `sim/data/scenarios`."""

from pathlib import Path


def shipped_scenarios() -> list[Path]:
    """The files, the plain ones first, each group by name."""
    root = _shipped_folder()
    return sorted(root.rglob("*.toml"), key=lambda path: (len(path.parts), path.parts)) if root.is_dir() else []


def shipped(name: str) -> Path | None:
    """The shipped scenario of that name; with or without `.toml`, but no path."""
    stem = name.removesuffix(".toml")
    return next((path for path in shipped_scenarios() if path.stem == stem), None)


def as_typed(path: str) -> str:
    """What one types to mean a scenario's file: its name where it is a shipped one, its path where not."""
    names = {own.resolve(): own.stem for own in shipped_scenarios()}
    return names.get(Path(path).resolve(), path)


def _shipped_folder() -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / "data" / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"

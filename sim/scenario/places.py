"""Where each key and value of a TOML file stands, so that every message can name a line and a column."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

Path = tuple[str | int, ...]
"""Keys and array indices from the top of the file: ("parameters", "need", "value", "pert", 0)."""

Point = tuple[int, int]
"""Row and byte column, both from 0, as the parser counts them."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file, as an editor counts it: line and column from 1, columns in characters."""

    file: str
    line: int
    column: int


@dataclass(slots=True, eq=False)
class Places:
    """The index of one file, or of several merged ones: the place of every key and of every value."""

    keys: dict[Path, tuple["Lines", Point]] = field(default_factory=dict)
    values: dict[Path, tuple["Lines", Point]] = field(default_factory=dict)
    duplicate: tuple[str, int, int] | None = None  # the first key given twice: name, line, column of the second

    def of(self, path: Path) -> Place | None:
        """The place of the key at this path (an array element: of the element), or of the nearest path above it."""
        for end in range(len(path), 0, -1):
            found = self.keys.get(path[:end]) or self.values.get(path[:end])
            if found is not None:
                return found[0].place(found[1])
        return None

    def inside(self, path: Path, offset: int) -> Place | None:
        """The place of a character inside the string at this path; its start where it is not written plainly."""
        found = self.values.get(path)
        if found is None:
            return self.of(path)
        lines, (row, column) = found
        return lines.place((row, column), after=offset)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a file in UTF-8, and for each line that is not ASCII the bytes that start no character."""

    file: str
    lines: list[bytes]
    continued: dict[int, list[int]] = field(default_factory=dict)

    def place(self, point: Point, after: int | None = None) -> Place:
        """Turn the parser's bytes into characters; `after` counts characters into a string at the point."""
        row, start = point
        line = self.lines[row] if row < len(self.lines) else b""
        column = self._characters(row, line, start) + 1
        if after is not None and (shift := _plain_string(line[start : start + 5000], after)) is not None:
            column += shift
        return Place(self.file, row + 1, column)

    def _characters(self, row: int, line: bytes, end: int) -> int:
        if row not in self.continued:
            self.continued[row] = [] if line.isascii() else [i for i, byte in enumerate(line) if byte & 0xC0 == 0x80]
        return end - bisect_left(self.continued[row], end)


def _plain_string(written: bytes, after: int) -> int | None:
    """Characters from the opening quote to the one sought, where the string stands on one line and escapes nothing."""
    quote = written[:1]
    if quote not in (b'"', b"'") or written[:3] == quote * 3:
        return None
    body = written[1:].split(quote, 1)[0].decode("utf-8", errors="replace")
    return None if "\\" in body or after > len(body) else after + 1


def index_places(file: str, text: str) -> Places:
    """Index a text; a text that is not TOML is indexed as far as the parser can tell."""
    places = Places()
    lines = Lines(file, text.encode("utf-8").split(b"\n"))
    root = _parser().parse(text.encode("utf-8")).root_node
    counts: dict[Path, int] = {}
    for node in root.named_children:
        if node.type == "pair":
            _index_pair(places, lines, (), node)
        elif node.type in ("table", "table_array_element"):
            _index_table(places, lines, node, counts)
    return places


def _index_table(places: Places, lines: Lines, node: "Node", counts: dict[Path, int]) -> None:
    """Index a [table] or one element of an [[array of tables]], with its pairs."""
    head = next((child for child in node.named_children if child.type in KEY_TYPES), None)
    if head is None:
        return
    path: Path = ()
    parts = list(_key_parts(head))
    for depth, (part, point) in enumerate(parts, start=1):
        path = (*path, part)
        places.keys.setdefault(path, (lines, point))
        if depth == len(parts) and node.type == "table_array_element":
            counts[path] = counts.get(path, -1) + 1
            places.values[(*path, counts[path])] = (lines, point)
            path = (*path, counts[path])
        elif path in counts:  # [expect.status] belongs to the latest [[expect]]
            path = (*path, counts[path])
        elif depth == len(parts):
            _note_duplicate(places, lines, path, point)
    for child in node.named_children:
        if child.type == "pair":
            _index_pair(places, lines, path, child)


def _index_pair(places: Places, lines: Lines, above: Path, node: "Node") -> None:
    """Index key = value and all that the value holds, without recursion."""
    work: list[tuple[Path, Node]] = [(above, node)]
    while work:
        path, current = work.pop()
        if current.type == "pair":
            named = [child for child in current.named_children if child.type != "comment"]
            if not named or named[0].type not in KEY_TYPES:
                continue
            for part, point in _key_parts(named[0]):
                path = (*path, part)
                places.keys.setdefault(path, (lines, point))
            _note_duplicate(places, lines, path, point)
            if len(named) < 2:
                continue
            current = named[1]
        places.values[path] = (lines, (current.start_point[0], current.start_point[1]))
        if current.type == "array":
            items = [child for child in current.named_children if child.type != "comment"]
            work.extend(((*path, k), child) for k, child in reversed(list(enumerate(items))))
        elif current.type == "inline_table":
            work.extend((path, child) for child in reversed(current.named_children) if child.type == "pair")


KEY_TYPES = ("bare_key", "quoted_key", "dotted_key")


def _key_parts(node: "Node") -> Iterator[tuple[str, Point]]:
    """The parts of a dotted key, left to right, each with its place."""
    parts = []
    while node.type == "dotted_key":  # nests to the left
        parts.append(node.named_children[-1])
        node = node.named_children[0]
    for part in [node, *reversed(parts)]:
        text = (part.text or b"").decode("utf-8", errors="replace")
        yield (text[1:-1] if part.type == "quoted_key" else text), (part.start_point[0], part.start_point[1])


def _note_duplicate(places: Places, lines: Lines, path: Path, point: Point) -> None:
    if places.duplicate is None and path in places.values:
        place = lines.place(point)
        places.duplicate = (str(path[-1]), place.line, place.column)
    places.values.setdefault(path, (lines, point))


@lru_cache(maxsize=1)
def _parser() -> "Parser":
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language()))

"""Whether every tag of a page is closed, and in turn."""

from html.parser import HTMLParser

VOID = {"br", "meta", "link", "hr", "img", "input"}


class Balance(HTMLParser):
    """Tags that are open, and every tag closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def is_balanced(html: str) -> bool:
    parser = Balance()
    parser.feed(html)
    return not parser.open and not parser.wrong

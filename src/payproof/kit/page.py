"""An HTML page as a connector sees it: its forms, tables, definition lists and marked texts.

Reads forgivingly, like a browser: end tags may be missing, unknown tags are looked through. What has no `id` on the
page has no name here and is left out, except that a page may have one unnamed form.
"""

import re
from contextlib import suppress
from html.parser import HTMLParser

from msgspec import Struct, field

MAX_CHARACTERS = 4_000_000
"""More than this is no page a person reads; it is refused with ValueError."""


class HtmlForm(Struct):
    action: str = ""
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    """What the page filled in itself, hidden fields included."""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of each group of radio buttons."""


class Page(Struct):
    """`id` is that of the body: what kind of page this is."""

    id: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    forms: dict[str, HtmlForm] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    """Rows of cells, the heading row first."""
    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    """Definition lists: term to description."""
    labels: dict[str, str] = field(default_factory=dict)
    """The text of the label of each labelled field, by the field's id."""


def read_page(html: str) -> Page:
    """Parse a page. Never raises for bad HTML, only for too much of it; what follows a hopeless place is left out."""
    if len(html) > MAX_CHARACTERS:
        raise ValueError("the page is too large")
    reader = _Reader()
    with suppress(AssertionError):  # how the standard parser gives up, on `<![x` for one
        reader.feed(html)
        reader.close()
    reader.close_text()
    return reader.page


def page_id(html: str) -> str:
    """The id of the body alone: reads no further than its tag."""
    start = html.find("<body")
    return read_page(html[start : html.find(">", start) + 1]).id if start >= 0 else ""


_TEXT_TAGS = frozenset({"p", "h1", "h2", "span", "legend", "label", "a", "td", "th", "dt", "dd", "title", "caption"})
_PLAIN_CELL = re.compile("<td>([^<&]*)(?=<t[dr]>)")
_PLAIN_TAGS = frozenset({"td", "th", "tr", "dt", "dd"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._form: HtmlForm | None = None
        self._rows: list[list[str]] | None = None
        self._list: dict[str, str] | None = None
        self._term = ""
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        """Elements whose text is being gathered, innermost last."""

    def updatepos(self, i: int, j: int) -> int:
        """Line numbers are not needed; counting them is a tenth of the work."""
        return j

    def parse_starttag(self, i: int) -> int:
        """Most tags of a table have no attributes and need no search for them (measured: a third of the time).

        Plain cells that follow each other are taken at once: a page of pay is hundreds of them.
        """
        after = self._plain_cells(i) if self._rows and self.rawdata.startswith("<td>", i) else i
        if after > i:
            return after
        end = self.rawdata.find(">", i)
        name = self.rawdata[i + 1 : end]
        if name not in _PLAIN_TAGS:
            return super().parse_starttag(i)
        self.handle_starttag(name, [])
        return end + 1

    def _plain_cells(self, i: int) -> int:
        """Take the cells from here on that hold nothing but text, each ended by the next or by a row; returns where."""
        assert self._rows is not None
        self.close_text()
        while cell := _PLAIN_CELL.match(self.rawdata, i):
            self._rows[-1].append(" ".join(cell[1].split()))
            i = cell.end()
        return i

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = {name: value or "" for name, value in attrs}
        if tag in ("td", "th", "tr", "dt", "dd"):
            self.close_text()
        if tag in _TEXT_TAGS:
            self._open.append((tag, marks, []))
        match tag:
            case "body":
                self.page.id = marks.get("id", "")
            case "form":
                self._form = HtmlForm(action=marks.get("action", ""), method=marks.get("method", "get").lower())
                self.page.forms[marks.get("id", "")] = self._form
            case "input":
                self._add_input(marks)
            case "table":
                self._rows = self.page.tables.setdefault(marks["id"], []) if "id" in marks else None
            case "tr" if self._rows is not None:
                self._rows.append([])
            case "dl":
                self._list = self.page.lists.setdefault(marks["id"], {}) if "id" in marks else None

    def handle_endtag(self, tag: str) -> None:
        if tag in _TEXT_TAGS:
            while any(name == tag for name, _, _ in self._open):
                if self._close_innermost() == tag:
                    break
        elif tag in ("tr", "table", "dl", "thead", "tbody"):
            self.close_text()
            self._rows = None if tag == "table" else self._rows
            self._list = None if tag == "dl" else self._list
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        for _, _, gathered in self._open:
            gathered.append(data)

    def close_text(self) -> None:
        """End all elements whose text is still being gathered."""
        while self._open:
            self._close_innermost()

    def _close_innermost(self) -> str:
        tag, marks, gathered = self._open.pop()
        text = " ".join("".join(gathered).split())
        if "id" in marks:
            self.page.texts[marks["id"]] = text
            if "href" in marks:
                self.page.links[marks["id"]] = marks["href"]
        if tag == "label" and "for" in marks:
            self.page.labels[marks["for"]] = text
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(text)
        elif tag == "dt":
            self._term = text
        elif tag == "dd" and self._list is not None:
            self._list[self._term] = text
        return tag

    def _add_input(self, marks: dict[str, str]) -> None:
        name = marks.get("name")
        if self._form is None or not name:
            return
        if marks.get("type") == "radio":
            self._form.choices.setdefault(name, []).append(marks.get("value", ""))
        else:
            self._form.values[name] = marks.get("value", "")

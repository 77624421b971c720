"""An HTML page as a connector sees it: its forms, tables, definition lists and marked texts.

Reads forgivingly, like a browser: end tags may be missing, unknown tags are looked through. What has no `id` on the
page has no name here and is left out, except that a page may have one unnamed form.
"""

from html import unescape

from msgspec import Struct, field

from payproof.kit.markup import attributes, pieces

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
    return _Reader().read(html)


def page_id(html: str) -> str:
    """The id of the body alone: reads no further than its tag."""
    start = html.find("<body")
    return read_page(html[start : html.find(">", start) + 1]).id if start >= 0 else ""


_TEXTS = frozenset({"td", "th", "dt", "dd", "p", "h1", "h2", "span", "legend", "label", "a", "title", "caption"})
_BORDERS = frozenset({"td", "th", "tr", "dt", "dd", "/tr", "/table", "/thead", "/tbody", "/dl"})
"""Where all texts end."""
_MOST_NESTED = 32
"""No text of a page has more texts around it; where one does, the innermost is taken to have ended."""


class _Reader:
    def __init__(self) -> None:
        self._page = Page()
        self._form: HtmlForm | None = None
        self._rows: list[list[str]] | None = None
        self._list: dict[str, str] | None = None
        self._term = ""
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        """Elements whose text is being gathered, innermost last."""

    def read(self, html: str) -> Page:
        for cells, tag, written, text in pieces(html):
            if tag:
                self._take(tag.lower(), attributes(written) if written else {})
            elif cells is not None:
                self._add_cells(cells)
            if text and self._open:
                text = unescape(text)
                for _, _, gathered in self._open:
                    gathered.append(text)
        self._close_texts()
        return self._page

    def _add_cells(self, cells: str) -> None:
        self._close_texts()
        if self._rows:
            self._rows[-1] += [cell.strip() for cell in " ".join(cells.split()).split("<td>")]

    def _take(self, tag: str, marks: dict[str, str]) -> None:
        if tag in _BORDERS:
            self._close_texts()
        match tag:
            case _ if tag in _TEXTS:
                self._open_text(tag, marks)
            case "body":
                self._page.id = marks.get("id", "")
            case "form":
                self._form = HtmlForm(action=marks.get("action", ""), method=marks.get("method", "get").lower())
                self._page.forms[marks.get("id", "")] = self._form
            case "/form":
                self._form = None
            case "input":
                self._add_input(marks)
            case "table":
                self._rows = self._page.tables.setdefault(marks["id"], []) if "id" in marks else None
            case "/table":
                self._rows = None
            case "tr" if self._rows is not None:
                self._rows.append([])
            case "dl":
                self._list = self._page.lists.setdefault(marks["id"], {}) if "id" in marks else None
            case "/dl":
                self._list = None
            case _ if tag[0] == "/":
                self._end_text(tag[1:])

    def _open_text(self, tag: str, marks: dict[str, str]) -> None:
        if len(self._open) == _MOST_NESTED:
            self._close_innermost()
        self._open.append((tag, marks, []))

    def _end_text(self, tag: str) -> None:
        if any(name == tag for name, _, _ in self._open):
            while self._close_innermost() != tag:
                pass

    def _close_texts(self) -> None:
        """End all elements whose text is still being gathered."""
        while self._open:
            self._close_innermost()

    def _close_innermost(self) -> str:
        tag, marks, gathered = self._open.pop()
        text = " ".join("".join(gathered).split())
        if "id" in marks:
            self._page.texts[marks["id"]] = text
            if "href" in marks:
                self._page.links[marks["id"]] = marks["href"]
        if tag == "label" and "for" in marks:
            self._page.labels[marks["for"]] = text
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

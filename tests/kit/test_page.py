"""Reading pages as a browser would: forgiving, by what has an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payproof.kit.page import MAX_CHARACTERS, page_id, read_page

PIECES = [
    "<",
    ">",
    "</",
    "<![x",
    "<!--",
    "<!",
    "<?",
    "&",
    "&#x",
    '"',
    "'",
    "=",
    "td",
    "<td>",
    "<tr>",
    "</tr>",
    "<p id=a>",
]
PIECES += [
    "<table id=t>",
    "</table>",
    "<dl id=d>",
    "<dt>",
    "<dd>",
    "<form>",
    "<input name=n>",
    "<script>",
    "\x00",
    "x",
    " ",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_no_text_is_too_bad_to_read(html: str) -> None:
    read_page(html)
    page_id(html)


def test_end_tags_may_be_missing() -> None:
    closed = "<table id=t><tr><th>A</th><th>B</th></tr><tr><td>1</td><td></td></tr></table><p id=p>after</p>"
    opened = "<table id=t><tr><th>A<th>B<tr><td>1<td></table><p id=p>after"
    assert read_page(closed) == read_page(opened)
    assert read_page(opened).tables == {"t": [["A", "B"], ["1", ""]]}


def test_forms_keep_what_the_page_filled_in() -> None:
    page = read_page(
        "<form id=f action='go?x=1&amp;y=2' method=POST><input type=hidden name=a value='&lt;b&gt;'><input name=c>"
        "<label for=r1>One  way</label><input type=radio id=r1 name=r value=1><input type=radio name=r value=2></form>"
        "<input name=outside>"
    )
    form = page.forms["f"]
    assert (form.action, form.method) == ("go?x=1&y=2", "post")
    assert form.values == {"a": "<b>", "c": ""}
    assert form.choices == {"r": ["1", "2"]}
    assert page.labels == {"r1": "One way"}


def test_texts_and_links_are_known_by_their_id() -> None:
    page = read_page(
        "<body id=home><p id=n role=alert>Not <b>now</b></p><td><a id=l href=there>12</a></td><a href=x>y</a>"
    )
    assert page.id == "home"
    assert page.texts == {"n": "Not now", "l": "12"}
    assert page.links == {"l": "there"}


def test_lists_of_terms() -> None:
    assert read_page("<dl id=d><dt>A<dd>1<dt>B<dd></dl><dl><dt>C<dd>3</dl>").lists == {"d": {"A": "1", "B": ""}}


@pytest.mark.parametrize(("html", "found"), [("<body id=x class=y><p>", "x"), ("<body>", ""), ("", ""), ("<body", "")])
def test_the_id_of_a_page_alone(html: str, found: str) -> None:
    assert page_id(html) == found


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        read_page("x" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "html",
    [
        "<table id=t><tr><td>a<td> b  c <td><tr><td>d<td>e</table><td>f<td>g<tr>",
        "<table id=t><td>a<td>b<tr><td>c<td>&amp;<td>d &lt; e<td>f</td><td>g<tr></table>",
        "<table id=t><tr><th id=h>a<td>b<td>c<p id=p>d<td>e<td>f<b>g</b><td>h<tr></table><p id=q>i<td>j<td>k<tr>",
        "<td>a<td>b<tr><table><tr><td>c<td>d<tr></table>",
        "<table id=t><tr><td>a<td>b<tr",
    ],
)
def test_cells_that_are_taken_at_once_are_read_as_others_are(html: str) -> None:
    assert read_page(html) == read_page(html.replace("<td>", "<td >"))


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a b='", '<a b="', "<a =", "<!--", "<![x", "</", "<style", "<td>", "<td>a&", "<td>a<b>", "<span id=x>a"],
)
def test_a_page_made_to_be_slow_is_read_once_and_no_more(piece: str) -> None:
    """Read again from each of its places it would take minutes, or gigabytes."""
    read_page("<table id=t><tr>" + piece * 50_000)


def test_texts_without_an_end_lose_none_of_what_follows() -> None:
    page = read_page("".join(f"<p id={number}>text {number}" for number in range(100)))
    assert page.texts["99"] == "text 99"
    assert page.texts["0"].startswith("text 0text 1text 2")
    assert page.texts.keys() == {str(number) for number in range(100)}


def test_what_a_person_does_not_see_is_no_text() -> None:
    html = "<p id=a>b<!-- <p id=x>x --><SCRIPT>if (c<d) '<p id=x>x'</SCRIPT><style>p{}</style><!doctype x>e &lt; f < g"
    assert read_page(html).texts == {"a": "be < f < g"}


def test_quoted_values_may_hold_tags() -> None:
    html = """<table id=t><tr><td title="<td>1>2"><b a='<tr>'>x</b><td a=it's>y<td>z</table>"""
    assert read_page(html).tables == {"t": [["x", "y", "z"]]}


@pytest.mark.parametrize("end", ["<p id=b", "<p id='b", "<p", "</p", "</", "<!", "<!-", "<?"])
def test_a_tag_that_is_broken_off_is_no_text(end: str) -> None:
    assert read_page("<p id=a>c" + end).texts["a"].startswith("c")
    assert "<" not in read_page("<p id=a>c" + end).texts["a"]

"""Who judges the pages is judged: each fault of HTML is refused, and what is read is what a browser would read."""

import pytest

from tests.page_checks import SVG, parse, text_of

PAGE = '<!DOCTYPE html>\n<html lang="en"><head><title>A page</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    "fault",
    [
        "<p>one<div>two</div></p>",
        "<p>never closed<span></p>",
        "<p id=a id=b>twice</p>",
        '<p title="a"b>no space</p>',
        "<div/>not closed by itself",
        "</p>",
        "<table><p>not in a table</p></table>",
        "<a href=/><a href=/>one in the other</a></a>",
        "<button><button>one in the other</button></button>",
        "&nobody;",
        "a \x0b of no use",
        "<li>a < b",
    ],
)
def test_what_a_browser_would_have_to_forgive_is_refused(fault: str) -> None:
    with pytest.raises(AssertionError, match="not valid HTML"):
        parse(PAGE.format(fault))


@pytest.mark.parametrize("page", ["<p>no title or kind</p>", PAGE.format("").replace("<!DOCTYPE html>", "")])
def test_a_page_that_does_not_say_what_it_is_is_refused(page: str) -> None:
    with pytest.raises(AssertionError, match="not valid HTML"):
        parse(page)


def test_signs_breaks_drawings_and_what_is_for_browsers_without_scripts_arrive_as_they_are() -> None:
    inside = (
        '<noscript><p>no script</p></noscript><textarea name="a">one\n two &lt;b&gt; &amp; "three"</textarea>'
        '<input name="b" value="one\n  two &quot;x=&quot; &gt; &lt;i&gt; &amp;amp;" hidden><p>x="\n</p><br>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>A drawing</title></svg><svg class="b"></svg>'
    )
    tree = parse(PAGE.format(inside))
    noscript, area, field, text, _, *drawings = tree[1]
    assert text_of(noscript) == "no script"
    assert area.text == 'one\n two <b> & "three"'
    assert field.attrib == {"name": "b", "value": 'one\n  two "x=" > <i> &amp;', "hidden": ""}
    assert text.text == 'x="\n'
    assert [each.tag for each in tree.iter("title")] == ["title"], "of the page"
    assert [each.tag for drawing in drawings for each in drawing.iter()] == [
        f"{{{SVG}}}{tag}" for tag in ("svg", "title", "svg")
    ]
    assert drawings[0].get("viewBox") == "0 0 1 1"

"""axe finds what is broken on purpose, on a page that it has found in order before."""

import pytest

from tests.browser.axe import OF_SIGHT
from tests.browser.phone import Phone

DARK = "document.documentElement.dataset.theme = 'dark';"
OVER = """() => {
  const head = document.querySelector('h1'), at = head.getBoundingClientRect(), box = document.createElement('div');
  Object.assign(box.style, {position: 'absolute', background: '#444', left: 0, width: '100%',
    top: at.top - 9 + scrollY + 'px', height: at.height + 18 + 'px'});
  head.before(box);
  head.style.position = 'relative';
}"""


BREAKS = (
    ("color-contrast", "() => { document.querySelector('h1').style.color = '#999' }", None),
    ("color-contrast", "() => { document.querySelector('main').style.background = '#888' }", None),
    ("color-contrast", "() => { document.querySelector('main').style.opacity = .4 }", None),
    ("color-contrast", f"() => {{ {DARK} document.querySelector('h1').style.color = '#555' }}", OF_SIGHT),
    ("color-contrast", OVER, OF_SIGHT),
    ("button-name", "() => { document.querySelector('.reply').textContent = '' }", None),
    ("html-has-lang", "() => { document.documentElement.lang = '' }", None),
)


def test_what_is_broken_on_a_page_that_was_in_order_is_found_each_time(phone: Phone) -> None:
    phone.begin()
    phone.open("/falls/numb-feet")
    phone.check_with_axe()
    for rule, breaks, only in (*BREAKS, BREAKS[0]):
        phone.page.reload()
        phone.page.evaluate(breaks)
        with pytest.raises(AssertionError, match=f"Rule Violated:\n{rule} -"):
            phone.check_with_axe(only)

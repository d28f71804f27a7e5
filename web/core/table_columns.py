"""Every column that a table of people may have, in every language; made once for each region."""

from functools import cache

from checklists.people.tables.columns import Columns, columns_of
from web.core.settings import definitions, region


def table_columns() -> Columns:
    """Each column by its key."""
    return _columns(region().id)


@cache
def _columns(region_id: str) -> Columns:
    from reports.words.answer_words import answer_words, language_words

    known = definitions()
    labels = (words(known.languages, region_id) for words in (answer_words, language_words))
    return columns_of(known, *labels)

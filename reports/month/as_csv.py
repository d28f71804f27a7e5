"""The tables of a month as CSV: a row a count, and nothing that a spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Sequence

from reports.exports.spreadsheet import CSV_ENCODING, csv_row
from reports.month.month import MonthTable
from reports.words.speech import Speech


def month_csv(tables: Sequence[MonthTable], speech: Speech) -> bytes:
    """Table, row, count, of how many; a hidden count says so."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(csv_row(map(speech.gettext, ("MonthTable", "Row", "Count", "Of"))))
    for table in tables:
        for row in table.rows:
            count = hidden_count(speech) if row.count is None else str(row.count)
            writer.writerow(csv_row((table.title, row.label, count, "" if row.of is None else str(row.of))))
    return text.getvalue().encode(CSV_ENCODING)


def hidden_count(speech: Speech) -> str:
    """What stands in the place of a count that is not shown."""
    return speech.gettext("not shown")

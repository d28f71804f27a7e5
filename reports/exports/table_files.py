"""The empty table as a file: a spreadsheet that is pleasant to fill in, or a CSV."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from reports.exports.people_table import PeopleTable, TableColumn
from reports.exports.spreadsheet import CSV_ENCODING, csv_row, font

_FIRST, _LAST = 3, 1_048_576
_TEXT, _DAY = "@", "yyyy-mm-dd"
_WIDTHS = {"label": 26, "today": 13, "warning-signs": 28}
_WIDTH, _NARROW, _ASK_HEIGHT, _LINE_LETTERS, _LONG_LINE_LETTERS = 22, 14, 15.5, 19, 100
_KEY_LETTER = 0.85  # of a letter of a cell, as keys are smaller
_SHADES = ("FFFFFF", "EDEDED")


def as_csv(table: PeopleTable) -> bytes:
    """Questions, then keys."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(csv_row(column.ask for column in table.columns))
    writer.writerow(csv_row(column.key for column in table.columns))
    return text.getvalue().encode(CSV_ENCODING)


def as_xlsx(table: PeopleTable) -> bytes:
    """Questions above keys, which stay in sight; lists to choose from; a second sheet that explains."""
    from openpyxl import Workbook

    book = Workbook()
    people = book.active
    people.title = table.title
    _explain(book.create_sheet(table.explaining_title), table)
    choices = book.create_sheet("lists")
    choices.sheet_state = "hidden"
    lists: dict[tuple[str, ...], str] = {}
    for number, column in enumerate(table.columns, start=1):
        if column.choices and column.choices not in lists:
            lists[column.choices] = _written(choices, column.choices, len(lists) + 1)
        _head(people, number, column, _shade(table.columns, column))
        _cells(people, number, column, lists.get(column.choices, ""), table.number_fault)
    people.freeze_panes = f"B{_FIRST}"
    people.print_title_rows, people.print_title_cols = f"1:{_FIRST - 1}", "A:A"
    people.page_setup.orientation = "landscape"
    people.row_dimensions[1].height = _ASK_HEIGHT * max(-(-len(each.ask) // _LINE_LETTERS) for each in table.columns)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _shade(columns: Sequence[TableColumn], column: TableColumn) -> str:
    """Every second part of the table is gray, so that lists are told apart."""
    parts = list(dict.fromkeys(each.part for each in columns))
    return _SHADES[parts.index(column.part) % 2]


def _written(sheet: Any, choices: Sequence[str], number: int) -> str:
    """The answers of one list below each other, and where they stand."""
    from openpyxl.utils import get_column_letter

    for row, choice in enumerate(choices, start=1):
        sheet.cell(row, number, choice)
    letter = get_column_letter(number)
    return f"'{sheet.title}'!${letter}$1:${letter}${len(choices)}"


def _head(sheet: Any, number: int, column: TableColumn, shade: str) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side
    from openpyxl.utils import get_column_letter

    fill = PatternFill("solid", start_color=shade)
    ask, key = sheet.cell(1, number, column.ask), sheet.cell(2, number, column.key)
    ask.font, ask.alignment, ask.fill = font(bold=True), Alignment(wrap_text=True, vertical="top"), fill
    key.font, key.fill, key.border = font(size=9, color="595959"), fill, Border(bottom=Side("medium"))
    width = _WIDTHS.get(column.key, _NARROW if column.kind == "number" else _WIDTH)
    sheet.column_dimensions[get_column_letter(number)].width = max(width, _KEY_LETTER * len(column.key) + 1)


def _cells(sheet: Any, number: int, column: TableColumn, choices: str, number_fault: str) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(number)
    if column.kind != "number":
        sheet.column_dimensions[letter].number_format = _DAY if column.kind == "day" else _TEXT
    if choices:  # what is typed instead is read kindly too
        rule = DataValidation(type="list", formula1=choices, showErrorMessage=False)
    elif column.kind == "number":
        rule = DataValidation(type="decimal", operator="between", formula1=column.low, formula2=column.high)
        rule.showErrorMessage, rule.errorStyle, rule.error = True, "warning", number_fault
    else:
        return
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")


def _explain(sheet: Any, table: PeopleTable) -> None:
    from openpyxl.styles import Alignment

    top = Alignment(wrap_text=True, vertical="top")
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100
    sheet.cell(1, 1, table.explaining_title).font = font(bold=True, size=16)
    row = 2
    for says in table.explaining:
        row += 1
        sheet.cell(row, 1, says).alignment = top
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
    row += 1
    for code, means in table.signs:
        row += 1
        sign, meaning = sheet.cell(row, 1, code), sheet.cell(row, 2, means)
        sign.font, sign.alignment, meaning.alignment = font(bold=True), top, top
        sheet.row_dimensions[row].height = _ASK_HEIGHT * -(-len(means) // _LONG_LINE_LETTERS)

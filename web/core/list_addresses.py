"""Ids of lists in addresses: whatever lists the definitions hold, and nothing else."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from checklists import DefinitionError
from web.core.settings import definitions


class ListConverter(BaseConverter):
    """`<list:subject>` is the id of a checklist, or `about`; `<list(all):which>` may be "all" too."""

    regex = "[a-z0-9-]+"

    def __init__(self, url_map: object, *others: str) -> None:
        super().__init__(url_map)  # type: ignore[arg-type]
        self.others = others

    def to_python(self, value: str) -> str:
        """:raises ValidationError: there is no such list, so that the address leads nowhere"""
        try:
            known = definitions().list_ids
        except DefinitionError:  # here nobody would hear it: the page itself says so
            return value
        if value not in (*known, *self.others):
            raise ValidationError
        return value


def init_app(app: Flask) -> None:
    """Before any page is registered."""
    app.url_map.converters["list"] = ListConverter

"""gunicorn, told what it needs in code: one process, threads, and a warm renderer beside it."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):
    """One process: the database is one file, and one child renders paper for all threads."""

    def __init__(self, app: Flask, host: str, port: int, threads: int) -> None:
        self.app = app
        self.options: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "workers": 1,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 15,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "accesslog": None,
            "loglevel": "error",  # a warning quotes what a stranger sent, and from which address
            "post_worker_init": self.warm,
            "worker_exit": self.close,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app

    def warm(self, worker: object) -> None:
        """Opens store and renderer before the first visitor comes, and begins to remove what has expired."""
        del worker
        import reports.document  # noqa: F401  # slow to import: not while the first person waits
        from web.papers import renderer
        from web.purging import purge_every_day
        from web.settings import data_folder
        from web.stores import store, trust_pages

        trust_pages()  # web.serving checked them: a large file is gone through once, and not while this one must answer
        store().reserve_room(data_folder())
        renderer().warm()
        purge_every_day()

    def close(self, server: object, worker: object) -> None:
        """What was answered last is in the database itself, and not only in its journal, when the app has ended."""
        del server, worker
        from web.stores import close_store

        close_store()

"""Who asks for what only one can have at a time."""

from flask import session

from reports.printing.turns import Asker
from web.visitor.budgets import client
from web.visitor.sessions import ServerSession


def asker() -> Asker:
    """The address, and the browser where it holds something here: a cookie alone can be made up or thrown away."""
    if isinstance(session, ServerSession) and session.stored:
        return Asker(client(), session.session_id)
    return Asker(client())

"""Who asks for what only one can have at a time."""

from reports.printing.turns import Asker
from web.visitor.budgets import client
from web.visitor.sessions import own_session


def asker() -> Asker:
    """The address, and the browser where it holds something here: a cookie alone can be made up or thrown away."""
    own = own_session()
    return Asker(client(), own.session_id) if own is not None and own.stored else Asker(client())

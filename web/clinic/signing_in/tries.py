"""How often somebody may try to sign in: by person and address, by address, and by person from everywhere.

A right password gives its try back. Who tries out a name from elsewhere shuts out nobody for more than minutes, as what
was used runs off steadily, and all servers count together (web/visitor/budgets.py).
"""

from web.visitor.budgets import Budget, client, spend_all

_OF_BOTH = Budget(name="sign-in of one at an address", by_one=10, by_all=5_000)
_OF_ADDRESS = Budget(name="sign-in at an address", by_one=120, by_all=5_000)
_OF_PERSON = Budget(name="sign-in of one", by_one=60, by_all=5_000)


def count_try(name: str) -> None:
    """:raises TooMuch: it is not even looked at"""
    _spend(name, 1)


def give_back(name: str) -> None:
    """It was right."""
    _spend(name, -1)


def _spend(name: str, amount: float) -> None:
    called = name.casefold()[:200]
    spend_all([(_OF_BOTH, f"{client()} {called}"), (_OF_ADDRESS, client()), (_OF_PERSON, called)], amount)

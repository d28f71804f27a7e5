"""What runs on each machine: the app as ./run serve starts it, with a page that tells whom it sees; and its twins."""

SEEING = """
from flask import request
import app
made = app.create_app
def seeing():
    one = made()
    one.add_url_rule("/seen", "seen", lambda: [request.remote_addr, request.scheme, request.host])
    return one
app.create_app = seeing
from flask.cli import main
main()
"""

SLOW_GAP_SECONDS = 0.2
SLOW_CODES = f"""
import storage.store.links_and_codes
storage.store.links_and_codes.GAP_SECONDS = {SLOW_GAP_SECONDS}
{SEEING}
"""
"""A pace that a machine reaches with much else to do, three times over too, though all servers share its processor."""

ON_ITS_OWN = f"""
import threading, time
from storage.postgres.engine import PostgresEngine
from storage.store.store import SealedStore
turn, ours = threading.Lock(), set()
def wait_turn(self, gap_seconds):
    with turn:
        time.sleep(gap_seconds)
PostgresEngine.wait_turn = wait_turn
def noting(name):
    real = getattr(SealedStore, name)
    def write(self, *values, **more):
        ours.update(each for each in values if isinstance(each, str))
        return real(self, *values, **more)
    setattr(SealedStore, name, write)
for name in ("save_session", "change_session", "renew_session"):
    noting(name)
find = SealedStore.find_session
SealedStore.find_session = lambda self, session_id: find(self, session_id) if session_id in ours else None
{SLOW_CODES}
"""
"""The twin: each server finds only the sessions that it has written itself, and lets guessers wait by itself."""

PURGE = """
import sys, time
from pathlib import Path
from storage import RemovingWaits, StoreBusy
from web.core.stores import open_configured_store
store, ready, go = open_configured_store(), *map(Path, sys.argv[1:])
ready.touch()
deadline = time.monotonic() + 60
while not go.exists():
    assert time.monotonic() < deadline
    time.sleep(0.002)
try:
    print(store.purge(sure=True)["records"])
except RemovingWaits:
    print("waits")
except StoreBusy:
    print("busy")
"""
OWN_LOCK = f"""
from contextlib import contextmanager
from storage.postgres.engine import PostgresEngine
@contextmanager
def alone(self, task):
    yield True
PostgresEngine.alone = alone
{PURGE}
"""
"""The twin that removes whoever else does; one of them may be too busy then, as they stand in each other's way."""

"""Where servers run that are machines to each other: network namespaces, or else addresses of this machine alone."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from tests.web_server import free_port

PORT = 8000
NETWORKS = range(2, 250)
"""Of 198.18.0.0/15, which is set aside for such trials."""
_MAC = "02:00:00:00:00:02"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One machine's: the address and port that it answers at, what a command begins with to run there, whom it sees as
    the balancer, and an address that reaches it and is not the balancer's."""

    host: str
    port: int = PORT
    command: tuple[str, ...] = ()
    balancer: str = "127.0.0.1"
    stranger: str = "127.0.0.9"
    cable: str = ""

    def pull_out(self) -> None:
        """From now on nothing comes through, and nobody is told. Only where the machine has a cable. At its own end:
        without ours, the balancer would ask whoever else answers for that address, by the way to all other networks."""
        _ip(*self.command[1:], "ip", "link", "set", "eth0", "down")


@contextmanager
def places(count: int, *, alone: bool = False) -> Iterator[list[Place]]:
    """So many; `alone`: as addresses of this machine, though it may make network namespaces."""
    if alone or not may_make_namespaces():
        # Another run on this machine has the same addresses, and its servers are not to be taken for these.
        yield [Place(host=f"127.0.0.{number + 2}", port=free_port()) for number in range(count)]
        return
    with ExitStack() as stack:
        yield [stack.enter_context(_namespace(number)) for number in range(count)]


def may_make_namespaces() -> bool:
    """Whether we are root, and this machine knows them."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    probe = f"ff-probe-{os.getpid()}"
    try:
        _ip("netns", "add", probe)
        _ip("netns", "del", probe)
    except subprocess.CalledProcessError:
        return False
    return True


@contextmanager
def _namespace(number: int) -> Iterator[Place]:
    name, cable = f"ff-{os.getpid()}-{number}", f"ff{os.getpid()}-{number}"
    network = next(each for each in NETWORKS if not _ip("route", "show", f"198.18.{each}.0/29"))
    balancer, host, stranger = (f"198.18.{network}.{each}" for each in (1, 2, 3))
    try:
        _ip("netns", "add", name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "address", _MAC, "netns", name)
        for address in (balancer, stranger):
            _ip("address", "add", f"{address}/29", "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("neighbor", "add", host, "lladdr", _MAC, "dev", cable, "nud", "permanent")  # else somebody is told
        inside = ("netns", "exec", name, "ip")
        _ip(*inside, "address", "add", f"{host}/29", "dev", "eth0")
        for each in ("lo", "eth0"):
            _ip(*inside, "link", "set", each, "up")
        command = ("ip", "netns", "exec", name)
        yield Place(host=host, command=command, balancer=balancer, stranger=stranger, cable=cable)
    finally:
        with suppress(subprocess.CalledProcessError):
            _ip("link", "del", cable)
        with suppress(subprocess.CalledProcessError):
            _ip("netns", "del", name)


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout

"""nginx and Caddy as docs/ shows them, started before an app; and a browser's requests to them."""

import http.client
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.processes import wait_until

ROOT = Path(__file__).parent.parent
NAME = "clinic.example"
KINDS = ("nginx", "caddy")
APP = "127.0.0.1:8000"
"""Where the app is in docs/."""
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
{user}
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


PORTS = range(20_000, 32_000)
"""Below those that Linux gives to whoever asks for none in particular, such as every connection that somebody opens."""
_claims: list[socket.socket] = []


def free_port() -> int:
    """One that nobody else gets before it is listened at: on Linux claimed by this process, until it ends, by a name that
    all processes of the machine share."""
    if sys.platform != "linux":
        with socket.create_server(("127.0.0.1", 0)) as server:
            return int(server.getsockname()[1])
    return next(each for each in random.sample(PORTS, len(PORTS)) if _claim(each) and not is_listening(each))


def _claim(port: int) -> bool:
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0firm-footing-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


@dataclass
class Front:
    """A running web server: its https port, its folder with all that it wrote, and its certificate."""

    port: int
    folder: Path
    tls: ssl.SSLContext
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def answered(self) -> list[list[str]]:
        """nginx: of each request, in the order in which it was answered, the servers that were asked."""
        lines = (self.folder / "answered.log").read_text().splitlines()
        return [[each.strip() for each in line.split(",")] for line in lines if line.strip() not in ("", "-")]

    @property
    def written(self) -> str:
        """Every log."""
        return "\n".join(each.read_text() for each in self.folder.glob("*.log"))

    def connect(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection with nothing asked yet."""
        plain = socket.create_connection(("127.0.0.1", self.port), 30, (source, 0))
        return self.tls.wrap_socket(plain, server_hostname=NAME)

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> tuple[http.client.HTTPResponse, str]:
        """A page, or what a form answers, as a browser with one cookie jar gets it."""
        body = form if isinstance(form, bytes) else None if form is None else urlencode(form).encode()
        connection = http.client.HTTPConnection(NAME, self.port)
        connection.sock = self.connect(source)
        usual = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            usual["Origin"] = f"https://{NAME}:{self.port}"
            usual["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form is not None else "GET", path, body, {**usual, **(headers or {})})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response, text

    def send(self, page: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Opens a page and sends its form, with what it hides."""
        _, html = self.ask(page)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        response, text = self.ask(page, {**hidden, **form}, headers)
        return response.status, text


@contextmanager
def front(kind: str, folder: Path, app: int | Sequence[str], **changed: str) -> Iterator[Front]:
    """The web server before the app at a port, or (nginx) before servers at these addresses.

    `changed` lines (by what they begin with) are as a guide has them.
    """
    port, http_port = free_port(), free_port()
    certificate, key = _certificate(folder)
    settings = ROOT / "docs" / ("nginx.conf" if kind == "nginx" else "Caddyfile")
    servers = [f"127.0.0.1:{app}"] if isinstance(app, int) else app
    text = "".join(
        "".join(line.replace(APP, each) for each in servers) if line.strip().startswith(f"server {APP}") else line
        for line in settings.read_text().splitlines(keepends=True)
    ).replace(APP, servers[0])
    if kind == "nginx":
        command = _nginx(text, changed, folder, (port, http_port), (certificate, key))
    else:
        command = _caddy(text, folder, (port, http_port), (certificate, key))
    tls = ssl.create_default_context(cafile=str(certificate))
    with (folder / "output.log").open("w") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        )
        try:
            _wait_for(port, server, folder)
            yield Front(port, folder, tls)
        finally:
            server.terminate()
            server.wait(60)


def _nginx(
    text: str, changed: Mapping[str, str], folder: Path, ports: tuple[int, int], files: tuple[Path, Path]
) -> list[str]:
    text = text.replace("listen 443", f"listen 127.0.0.1:{ports[0]}").replace(
        "listen 80", f"listen 127.0.0.1:{ports[1]}"
    )
    text = re.sub(r"ssl_certificate .*;", f"ssl_certificate {files[0]};", text)
    text = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {files[1]};", text)
    text = text.replace("/var/log/nginx/", f"{folder}/")
    text = f"log_format answered '$upstream_addr';\n{text}".replace(
        " firm-footing;\n    error_log",
        f" firm-footing;\n    access_log {folder}/answered.log answered;\n    error_log",
    )
    if changed:  # a guide knows of one server, and names it there
        text = text.replace("http://firm-footing;", f"http://{re.findall('    server ([0-9.:]+)', text)[0]};")
    for begins, line in changed.items():
        text, found = re.subn(rf"proxy_set_header {begins.replace('_', '-')} .*;", line, text)
        assert found
    (folder / "site.conf").write_text(text)
    user = "user root root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user=user))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-e", f"{folder}/nginx.log", "-c", f"{folder}/nginx.conf"]


def _caddy(text: str, folder: Path, ports: tuple[int, int], files: tuple[Path, Path]) -> list[str]:
    text = text.replace("\n{\n", f"\n{{\n\tadmin off\n\thttp_port {ports[1]}\n\thttps_port {ports[0]}\n", 1)
    text = text.replace(f"\n{NAME} {{\n", f"\n{NAME} {{\n\tbind 127.0.0.1\n\ttls {files[0]} {files[1]}\n", 1)
    (folder / "Caddyfile").write_text(text)
    return ["caddy", "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for the name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "fullchain.pem", folder / "privkey.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def _wait_for(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    wait_until(lambda: server.poll() is not None or is_listening(port), folder / "output.log", 60)
    assert server.poll() is None, (folder / "output.log").read_text()

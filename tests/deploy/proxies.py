"""The real Caddy and nginx on loopback, running the very files of deploy/, in front of the real API."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
NAME = "photos.example.org"
START_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its port, and the certificate that a client shall trust."""

    port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    def curl(self, path: str, *more: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of a request over HTTP/2."""
        base = ["curl", "-sS", "--http2", "--noproxy", "*", "--max-time", "60", "--cacert", str(self.certificate)]
        where = ["--resolve", f"{NAME}:{self.port}:127.0.0.1", "-D", "-", self.url + path]
        answer = subprocess.run([*base, *where, *more], capture_output=True, check=False)
        # 18 and 92: an upload that was cut before its end; curl may then lose the answer, which makes the status 0
        assert answer.returncode in {0, 18, 92}, answer.stderr.decode()
        if answer.returncode and not answer.stdout:
            return 0, {}, b""
        head, _, body = answer.stdout.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return int(first.split()[1]), headers, body

    def tls(self, *protocols: str, newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED) -> ssl.SSLSocket:
        """A TLS connection that offers these protocols."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.maximum_version = newest
        if protocols:
            context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        return context.wrap_socket(plain, server_hostname=NAME)

    def raw(self, request: bytes) -> bytes:
        """The beginning of the answer to these bytes, sent as HTTP/1."""
        with self.tls() as connection:
            connection.sendall(request)
            return connection.recv(4096)


@contextmanager
def started(command: list[str], port: int, log: Path, **environment: str) -> Iterator[None]:
    """A process, from when it listens until it is told to end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def api(folder: Path, database_url: str) -> Iterator[int]:
    """The API process of the product behind a trusted proxy; yields its port."""
    port = free_port()
    settings = {
        "TINTYPE_PORT": str(port),
        "TINTYPE_ADMIN_PORT": str(free_port()),
        "TINTYPE_DATA_DIR": str(folder / "data"),
        "TINTYPE_PUBLIC_URL": f"https://{NAME}",
        "TINTYPE_TRUSTED_PROXIES": "127.0.0.1",
        "TINTYPE_BCRYPT_COST": "4",
    }
    program = "import sys; from tintype.entry import api, process; from tintype.platform.config import Settings; "
    program += "api.main(Settings(), sys.argv[1])"
    with started([sys.executable, "-c", program, database_url], port, folder / "api.log", **settings):
        yield port


@contextmanager
def caddy(folder: Path, upstream: int) -> Iterator[Proxy]:
    """Caddy with deploy/caddy/Caddyfile, of which ports, certificate and upstream alone are changed."""
    certificate, key = certified(folder)
    port = free_port()
    text = (ROOT / "deploy/caddy/Caddyfile").read_text()
    ports = f"admin off\n\tdefault_bind 127.0.0.1\n\thttp_port {free_port()}\n\thttps_port {port}\n"
    text = _changed(text, "admin off\n", ports)
    text = _changed(text, "\ttls {\n", f"\ttls {certificate} {key} {{\n")
    text = _changed(text, "127.0.0.1:8000", f"127.0.0.1:{upstream}")
    (folder / "Caddyfile").write_text(text)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    homes = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with started(command, port, folder / "caddy.log", **homes):
        yield Proxy(port, certificate)


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[Proxy]:
    """nginx with deploy/nginx/nginx.conf, of which ports, certificate, upstream and folders alone are changed."""
    certificate, key = certified(folder)
    port, plain = free_port(), free_port()
    text = (ROOT / "deploy/nginx/nginx.conf").read_text()
    text = re.sub(r"\n *listen \[::\]:[^\n]*", "", text)
    text = _changed(text, "listen 443", f"listen 127.0.0.1:{port}")
    text = _changed(text, "listen 80", f"listen 127.0.0.1:{plain}")
    text = _changed(text, "/etc/tintype/tls/cert.pem", str(certificate))
    text = _changed(text, "/etc/tintype/tls/key.pem", str(key))
    text = _changed(text, "127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = _changed(text, "/run/nginx.pid", str(folder / "nginx.pid"))
    text = text if os.geteuid() == 0 else _changed(text, "user www-data;\n", "")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    text = _changed(text, "http {\n", f"http {{\n{folders}\n")
    (folder / "nginx.conf").write_text(text)
    command = [program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"]
    with started(command, port, folder / "nginx.log"):
        yield Proxy(port, certificate)


def program(name: str) -> str:
    """Where a program is, also where administrators keep them; empty where it is not installed."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def certified(folder: Path) -> tuple[Path, Path]:
    """A new certificate for our name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return paths


def _changed(text: str, old: str, new: str) -> str:
    assert old in text, f"{old!r} is not in the file that deploy/ ships"
    return text.replace(old, new)

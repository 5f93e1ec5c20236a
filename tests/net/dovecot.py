"""A real IMAP server for tests: Dovecot in the foreground, in a folder of its own, on loopback.

Any user name is let in with PASSWORD, and has a mailbox of its own: a test takes a name that no other test takes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from tests.conftest import need

PASSWORD = "Séb7,x"
_CONFIG = """
base_dir = {here}/run
state_dir = {here}/state
log_path = {here}/log
protocols = imap
listen = {listen}
ssl = yes
ssl_cert = <{pem}
ssl_key = <{pem}
default_internal_user = {server_user}
default_internal_group = {server_group}
default_login_user = {login_user}
first_valid_uid = 1
first_valid_gid = 0
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
mail_location = maildir:{here}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={here}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


class Dovecot:
    """The server; `tls` trusts its certificate, which names localhost and this machine's own address."""

    def __init__(self) -> None:
        program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            need("no IMAP server: Dovecot is not installed (on Debian: apt-get install dovecot-imapd)")
        assert program is not None
        if shutil.which("openssl") is None:
            need("openssl is not installed: the IMAP server needs a certificate")
        self.own_address = _own_address()
        self.plain_port, self.tls_port = _free_port(), _free_port()
        self._here = Path(tempfile.mkdtemp(prefix="dovecot"))  # short: a socket's path has a hundred characters
        self._here.chmod(0o755)
        self._count = itertools.count(1)
        self._mail_user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self._write_config()
        self._process = subprocess.Popen([program, "-F", "-c", str(self._here / "conf")], stdin=subprocess.DEVNULL)
        self._await_greeting()
        self.tls = ssl.create_default_context(cafile=str(self._here / "server.pem"))

    def url(self, user: str, *, host: str = "localhost", scheme: str = "imap", folder: str = "INBOX") -> str:
        port = self.plain_port if scheme == "imap" else self.tls_port
        return f"{scheme}://{user}@{host}:{port}/{folder}"

    def deliver(self, user: str, message: bytes, *, folder: str = "") -> None:
        """Put a message into a user's mailbox, as a mail server would."""
        box = self._mailbox(user, folder)
        name = f"{next(self._count):06}.M{time.monotonic_ns()}.test"
        (box / "tmp" / name).write_bytes(message)
        self._own(box / "tmp" / name)
        (box / "tmp" / name).rename(box / "new" / name)

    def forget_numbers(self, user: str) -> None:
        """Lose what gave messages their UIDs: the mailbox has another UIDVALIDITY when it is opened next."""
        time.sleep(1.1)  # Dovecot makes UIDVALIDITY of the seconds
        for path in self._mailbox(user, "").glob("dovecot*"):
            path.unlink()

    def flags(self, user: str) -> list[str]:
        """The flags of each message: what stands behind the comma of a Maildir name."""
        box = self._mailbox(user, "")
        return [path.name.partition(":2,")[2] for folder in ("new", "cur") for path in sorted((box / folder).iterdir())]

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._here, ignore_errors=True)

    def _mailbox(self, user: str, folder: str) -> Path:
        box = self._here / "mail" / user / (f".{folder}" if folder else "")
        for path in (self._here / "mail", self._here / "mail" / user, box, *(box / n for n in ("tmp", "new", "cur"))):
            if not path.exists():
                path.mkdir()
                self._own(path)
        return box

    def _own(self, path: Path) -> None:
        if os.getuid() == 0:
            user = pwd.getpwnam(self._mail_user)
            os.chown(path, user.pw_uid, user.pw_gid)

    def _write_config(self) -> None:
        is_root = os.getuid() == 0
        mail = pwd.getpwnam(self._mail_user)
        for name in ("run", "state", "mail"):
            (self._here / name).mkdir(mode=0o755)
            if name == "mail":
                self._own(self._here / name)
        _make_certificate(self._here / "server.pem", self.own_address)
        text = _CONFIG.format(
            here=self._here,
            pem=self._here / "server.pem",
            listen=", ".join(filter(None, ("127.0.0.1", self.own_address))),
            server_user="dovecot" if is_root else mail.pw_name,
            server_group="dovecot" if is_root else mail.pw_gid,
            login_user="dovenull" if is_root else mail.pw_name,
            mail_user=mail.pw_uid,
            mail_group=mail.pw_gid,
            password=PASSWORD,
            plain_port=self.plain_port,
            tls_port=self.tls_port,
        )
        (self._here / "conf").write_text(text)

    def _await_greeting(self) -> None:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.plain_port), 1) as link:
                link.settimeout(1)
                if link.recv(10).startswith(b"* OK"):
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        log = self._here / "log"
        said = log.read_text()[-2_000:] if log.exists() else "nothing"
        self.close()
        need(f"Dovecot does not start; it said: {said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _own_address() -> str | None:
    """An address of this machine that is not loopback. Connecting a datagram socket sends nothing."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.99", 9))
        address: str = probe.getsockname()[0]
        return None if address.startswith("127.") else address
    return None


def _make_certificate(path: Path, own_address: str | None) -> None:
    names = "DNS:localhost" + (f",IP:{own_address}" if own_address else "")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(path), "-out", str(path) + ".crt", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", f"subjectAltName={names}"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(str(path) + ".crt").read_text())

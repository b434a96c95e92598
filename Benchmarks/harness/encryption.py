"""The scenario of encryption: messages over TLS, handshakes, and log-ins."""

import os
import subprocess

from .machine import CannotMeasure
from .measure import Meter, checked
from .report import medians
from .scenario import MARTLET, AtMost, Case, Scenario, Times
from .server import HOLD
from .tools import MAILBOX, build, free_port, measured

PASSWORD = "secret"
# How often clear and encrypted sessions take turns within a round.
TURNS = 3
KEYS = {"ECDSA P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"], "RSA 2048": ["rsa:2048"]}


class Encrypted:
    """A server with a certificate: a port for STARTTLS and for sessions in clear, one for implicit TLS."""

    def __init__(self, setup, kind, key="ECDSA P-256"):
        try:
            build(setup.programs, ("tls",), ("-lssl", "-lcrypto", "-lpthread"))
        except subprocess.CalledProcessError as error:
            raise CannotMeasure("the tool `tls` cannot be built; install libssl-dev") from error
        self.setup, self.implicit_port = setup, free_port()
        self.certificate = os.path.join(setup.folder, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", *KEYS[key], "-nodes", "-days", "1", "-subj",
                        "/CN=martlet.bench.example", "-keyout", self.certificate, "-out", self.certificate + ".crt"],
                       check=True, capture_output=True)
        with open(self.certificate, "a", encoding="ascii") as file, open(self.certificate + ".crt",
                                                                        encoding="ascii") as other:
            file.write(other.read())
        more = (f'[listener.implicit]\naddress = "127.0.0.1:{self.implicit_port}"\ntls = "implicit"\nauth = "tls"\n'
                f'[tls]\ncertificate = "{self.certificate}"')
        self.server = kind(setup, HOLD, options={"more": more})

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()

    def visit(self, mode, what, sessions=20):
        """What the tool `tls` reports, and what it cost the server."""
        port = self.implicit_port if mode == "implicit" else self.server.port
        command = [os.path.join(self.setup.programs, "tls"),
                   *map(str, (port, sessions, self.setup.seconds, mode, what, MAILBOX))]
        meter = Meter(self.setup, self.server)
        report = checked(measured("tls", command), self.server)
        return {**report, **meter.read(report["accepted"], report["client_cpu"])}


def messages(setup, kind):
    """Messages of 4 KiB over 20 connections: in clear, with STARTTLS and with implicit TLS, in turn."""
    visits = {"clear": [], "starttls": [], "implicit": []}
    with Encrypted(setup, kind) as encrypted:
        encrypted.visit("clear", 1024)
        for mode in list(visits) * TURNS:
            visits[mode].append(encrypted.visit(mode, 4096))
    clear, starttls, implicit = (medians(visits[mode]) for mode in visits)
    return {"rate_clear": clear["rate"], "rate": starttls["rate"], "rate_implicit": implicit["rate"],
            "ratio": starttls["rate"] / clear["rate"], "cpu_clear_ms": clear["cpu_ms"], "cpu_ms": starttls["cpu_ms"],
            "client_cpu_clear_ms": clear["client_cpu_ms"], "client_cpu_ms": starttls["client_cpu_ms"],
            "protocol": visits["starttls"][0]["protocol"], "cipher": visits["starttls"][0]["cipher"]}


def handshakes(setup, kind, key):
    """CPU of the server for a new and for a resumed session, each with its connection, and for that alone."""
    with Encrypted(setup, kind, key) as encrypted:
        encrypted.visit("implicit", "resume", 4)
        plain, new, resumed = (encrypted.visit(mode, what, 4) for mode, what in
                               (("clear", "greeting"), ("implicit", "greeting"), ("implicit", "resume")))
    if new["resumed"] or resumed["resumed"] < resumed["accepted"] / 2:
        raise CannotMeasure(f"{new['resumed']} new and {resumed['resumed']} of {resumed['accepted']} others were resumed")
    return {"new_ms": new["cpu_ms"], "resumed_ms": resumed["cpu_ms"], "clear_ms": plain["cpu_ms"],
            "new_per_core_second": 1e3 / new["cpu_ms"], "resumed_per_core_second": 1e3 / resumed["cpu_ms"],
            "new_rate": new["rate"], "resumed_rate": resumed["rate"], "protocol": new["protocol"]}


def logins(setup, kind):
    """CPU of the server for a log-in with AUTH PLAIN over a new TLS session, and how many there are in a second."""
    with Encrypted(setup, kind) as encrypted:
        encrypted.server.add_user(MAILBOX, PASSWORD)
        encrypted.server.reload()
        figures = encrypted.visit("implicit", "login", 8)
        return {"login_ms": figures["cpu_ms"], "login_rate": figures["rate"],
                "memory_mib": encrypted.server.group.memory()}


HANDSHAKES = ("new_ms", "resumed_ms", "clear_ms", "new_per_core_second", "resumed_per_core_second", "new_rate",
              "resumed_rate")
MESSAGES = ("rate_clear", "rate", "rate_implicit", "ratio", "cpu_clear_ms", "cpu_ms", "client_cpu_clear_ms",
            "client_cpu_ms")


def handshake_case(key):
    return Case(f"handshakes, {key}", lambda setup, kind: handshakes(setup, kind, key), HANDSHAKES,
                (AtMost("new_ms", 5),), (MARTLET,))


tls = Scenario("tls", "encryption, handshakes and log-ins", (
    Case("4 KiB, 20 sessions with STARTTLS, connections reused", messages, MESSAGES,
         (Times("rate", 0.8, "rate_clear"),), (MARTLET,)),
    handshake_case("ECDSA P-256"),
    handshake_case("RSA 2048"),
    Case("log-ins with AUTH PLAIN, 8 at once", logins, ("login_ms", "login_rate", "memory_mib"), servers=(MARTLET,)),
))

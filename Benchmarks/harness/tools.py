"""The load and the sink, which are programs of their own in `tools`, and what they report."""

import json
import os
import shutil
import socket
import struct
import subprocess
import time

from .machine import CannotMeasure, Group

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools")
DOMAIN = "bench.example"
MAILBOX = f"ann@{DOMAIN}"


def build(folder, names=("load", "sink"), libraries=()):
    """Compiles tools into `folder` unless they are there and newer than their sources."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if compiler is None:
        raise CannotMeasure("no C compiler (cc, clang or gcc) is in PATH to build the load and the sink with")
    os.makedirs(folder, exist_ok=True)
    for name in names:
        source, program = os.path.join(TOOLS, name + ".c"), os.path.join(folder, name)
        changed = max(os.path.getmtime(path) for path in (source, os.path.join(TOOLS, "content.h")))
        if not os.path.exists(program) or os.path.getmtime(program) < changed:
            subprocess.run([compiler, "-O2", "-o", program, source, *libraries], check=True)


def measured(name, command):
    """Runs a tool that prints one line of JSON; gives that, with the seconds of CPU that it took itself."""
    group = Group(name)
    try:
        process = group.start(command, output=subprocess.PIPE, text=True)
        text = process.communicate()[0]
        cpu = group.cpu()
    finally:
        group.remove()
    if process.returncode != 0:
        raise CannotMeasure(f"{name} ended with status {process.returncode}: {text.strip()}")
    return {**json.loads(text), "client_cpu": cpu}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port, patience=30):
    """Waits for the greeting of a server; gives the seconds that took."""
    begin = time.monotonic()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
                if connection.recv(3) == b"220":
                    connection.sendall(b"QUIT\r\n")
                    return time.monotonic() - begin
        except OSError:
            pass
        if time.monotonic() - begin > patience:
            raise CannotMeasure(f"nobody greets on port {port} after {patience} seconds")
        time.sleep(0.002)


class Load:
    """What is sent to a server: how many sessions, how large, for how long."""

    def __init__(self, programs, seconds, sessions=20, size=4096, recipients=1, reuse=True, messages=2**40,
                 mailbox=MAILBOX, source="127.0.0.1"):
        self.program = os.path.join(programs, "load")
        self.seconds, self.sessions, self.size = seconds, sessions, size
        self.recipients, self.reuse, self.messages = recipients, reuse, messages
        self.mailbox, self.source = mailbox, source

    def command(self, port):
        numbers = [port, self.sessions, self.seconds, self.messages, self.size, self.recipients, int(self.reuse)]
        return [self.program, *map(str, numbers), self.mailbox, self.source]

    def run(self, port):
        """Sends; gives the report of the tool."""
        return measured("load", self.command(port))


class Sink:
    """A server that forgets what it takes, as long as the `with` lasts."""

    def __init__(self, programs, folder, delay_ms=0, chunking=False):
        self.port = free_port()
        self.counters = os.path.join(folder, "sink.counters")
        arguments = [self.port, delay_ms, self.counters, int(chunking)]
        self.command = [os.path.join(programs, "sink"), *map(str, arguments)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command)
        wait_for_port(self.port)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def read(self):
        with open(self.counters, "rb") as file:
            return struct.unpack("=4q", file.read(32))

    @property
    def messages(self):
        return self.read()[0]

    @property
    def connections(self):
        return self.read()[1]

    @property
    def most_connections(self):
        return self.read()[2]

    @property
    def last_message(self):
        """When the last message came, on the monotonic clock."""
        return self.read()[3] / 1e6

"""The scenario of clients: what it costs to send, in messages for each second of CPU that the client uses."""

import os
import shutil
import subprocess
import sys
import time

from .machine import CannotMeasure, Group
from .scenario import Case, Scenario
from .tools import MAILBOX, Sink

SENDER, SIZE, SESSIONS = "sender@bench.example", 4096, 20
# A process for each message is so slow that fewer of them tell as much.
SHARE_OF_PROCESSES = 50
SMTPLIB = """
import smtplib, sys
message = open(sys.argv[3], "rb").read()
with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as client:
    for _ in range(int(sys.argv[2])):
        client.sendmail(sys.argv[4], [sys.argv[5]], message)
"""


def message(setup):
    text = f"From: <{SENDER}>\r\nTo: <{MAILBOX}>\r\nSubject: load\r\n\r\n"
    text += ("x" * 76 + "\r\n") * ((SIZE - len(text)) // 78)
    path = os.path.join(setup.folder, "message.eml")
    with open(path, "w", encoding="ascii", newline="") as file:
        file.write(text)
    return path


def swift(setup, port, count, *tasks):
    program = os.path.join(os.path.dirname(setup.martlet), "client-benchmark")
    if not os.access(program, os.X_OK):
        raise CannotMeasure(f"there is no {program}: swift build -c release --product client-benchmark")
    return count, [program, str(port), str(count), str(SIZE), *map(str, tasks or (1,))]


def swift_tasks(setup, port, count):
    return swift(setup, port, count, SESSIONS, 2 * SESSIONS)


def smtplib(setup, port, count):
    return count, [sys.executable, "-c", SMTPLIB, str(port), str(count), message(setup), SENDER, MAILBOX]


def curl(setup, port, count):
    path, one = os.path.join(setup.folder, "curl.conf"), message(setup)
    lines = [f'upload-file = "{one}"', f'url = "smtp://127.0.0.1:{port}/bench.example"', f'mail-from = "{SENDER}"',
             f'mail-rcpt = "{MAILBOX}"']
    with open(path, "w", encoding="utf-8") as file:
        file.write("\nnext\n".join(["\n".join(lines)] * count) + "\n")
    return count, ["curl", "--silent", "--config", path]


def msmtp(setup, port, count):
    count = max(1, count // SHARE_OF_PROCESSES)
    script = 'for i in $(seq "$1"); do msmtp --host=127.0.0.1 --port="$2" --from="$3" "$4" <"$5"; done'
    return count, ["sh", "-c", script, "sh", str(count), str(port), SENDER, MAILBOX, message(setup)]


def smtp_source(setup, port, count):
    usr = os.path.join(setup.peers, "postfix", "usr")
    libraries = [os.path.join(usr, "lib/postfix"), os.path.join(usr, "lib/x86_64-linux-gnu")]
    return count, ["env", f"LD_LIBRARY_PATH={':'.join(libraries)}", os.path.join(usr, "sbin/smtp-source"), "-d", "-s",
                   str(SESSIONS), "-m", str(count), "-l", str(SIZE), "-f", SENDER, "-t", MAILBOX, f"127.0.0.1:{port}"]


CLIENTS = {"swift": swift, "swift-tasks": swift_tasks, "smtplib": smtplib, "curl": curl, "msmtp": msmtp, "smtp-source": smtp_source}


def send(setup, name, chunking=False):
    """One client sends its messages to the sink."""
    with Sink(setup.programs, setup.folder, chunking=chunking) as sink:
        count, command = CLIENTS[name](setup, sink.port, setup.client_messages)
        if shutil.which(command[0]) is None:
            raise CannotMeasure(f"no {command[0]} is in PATH")
        group = Group("client")
        try:
            begin = time.monotonic()
            process = group.start(command, output=subprocess.PIPE)
            said = process.communicate()[0].decode(errors="replace").strip()
            cpu = group.cpu()
        finally:
            group.remove()
        if sink.messages != count:
            raise CannotMeasure(f"{name} sent {sink.messages} of {count} messages and ended with status "
                                f"{process.returncode}: {said[-500:]}")
        return {"messages": count, "rate": count / (sink.last_message - begin), "cpu_ms": 1e3 * cpu / count,
                "messages_per_cpu_second": count / cpu}


def send_chunks(setup, name):
    return send(setup, name, chunking=True)


FIGURES = ("messages", "rate", "cpu_ms", "messages_per_cpu_second")
clients = Scenario("clients", "what it costs a client to send", (
    Case("4 KiB messages to the sink", send, FIGURES, servers=tuple(CLIENTS)),
    Case("4 KiB messages to the sink, which offers CHUNKING as Postfix and Exim do", send_chunks, FIGURES,
         servers=tuple(CLIENTS)),
))

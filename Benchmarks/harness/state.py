"""The scenarios of what a server holds: sessions, a queue, and what is left of it after hours of work."""

import os
import shutil
import socket
import subprocess
import time

from .machine import CannotMeasure
from .measure import checked, wait_until, warm
from .scenario import ALL, MARTLET, POSTFIX, AtMost, Case, Scenario, Times
from .server import HOLD, MAILDIR
from .tools import DOMAIN, Load, Sink

SESSIONS = 5_000
# Seconds in which memory and descriptors must have come back after the load.
REST = 90
# What the mixed load sends, one after the other, two seconds each.
MIXTURE = ({}, {"reuse": False}, {"size": 65_536}, {"recipients": 20}, {"sessions": 100})


def session(port):
    """A connection that has said EHLO and is quiet then."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    for command, code in ((b"", b"220 "), (b"EHLO idle.bench.example\r\n", b"250 ")):
        connection.sendall(command)
        answer = b""
        while not any(line.startswith(code) for line in answer.split(b"\r\n")[:-1]):
            piece = connection.recv(4096)
            if not piece:
                connection.close()
                return None
            answer += piece
    return connection


def idle_sessions(setup, kind):
    """Memory with many sessions that do nothing; fewer where a server takes no more."""
    with kind(setup, HOLD) as server:
        before, open_sessions = server.group.memory(), []
        try:
            while len(open_sessions) < SESSIONS and (connection := session(server.port)) is not None:
                open_sessions.append(connection)
        except OSError:
            pass
        time.sleep(1)
        memory = server.group.memory()
        for connection in open_sessions:
            connection.close()
        return {"sessions": len(open_sessions), "memory_mib": memory, "memory_before_mib": before,
                "kib_each": 1024 * (memory - before) / max(len(open_sessions), 1)}


def rate(setup, server):
    return checked(Load(setup.programs, setup.seconds).run(server.port), server)["rate"]


def timed(action):
    begin = time.monotonic()
    action()
    return time.monotonic() - begin


def list_queue(server):
    with open(server.path("list"), "wb") as output:
        command = [server.setup.martlet, "queue", "list", "--config", server.path("martlet.toml")]
        subprocess.run(command, stdout=output, check=True)


def restart(server):
    """Seconds from the start to the greeting, on the queue that is there."""
    server.stop()
    return server.start()


def full_queue(setup, kind):
    """What it costs that many messages wait."""
    with kind(setup, HOLD) as server:
        warm(setup, server)
        empty = rate(setup, server)
        time.sleep(1)
        memory = server.group.memory()
        missing = setup.queued - server.queued()
        if missing > 0:
            checked(Load(setup.programs, 600, size=1024, messages=missing).run(server.port), server)
        time.sleep(2)
        figures = {"queued": server.queued(), "memory_more_mib": server.group.memory() - memory}
        full = rate(setup, server)
        figures |= {"rate_empty": empty, "rate_full": full, "list_s": timed(lambda: list_queue(server))}
        figures["ready_s"] = restart(server)
        time.sleep(2)
        return {**figures, "memory_after_restart_mib": server.group.memory()}


def many_recipients(setup, kind):
    """A start on a queue of very many recipients."""
    each = 1_000
    with kind(setup, HOLD) as server:
        load = Load(setup.programs, 900, size=1024, recipients=each, messages=setup.recipients // each)
        accepted = checked(load.run(server.port), server)["accepted"]
        ready = restart(server)
        time.sleep(3)
        return {"recipients": accepted * each, "ready_s": ready, "memory_mib": server.group.memory()}


def resources(server):
    return server.group.memory(), server.group.descriptors()


def mixed(setup, kind):
    """Memory and descriptors after hours of all kinds of load, against those after the first minute of it."""
    with Sink(setup.programs, setup.folder) as sink:
        route = f'[route.default]\nto = "smtp://127.0.0.1:{sink.port}"'
        with kind(setup, MAILDIR, sink, {"more": route}) as server:
            round_of_mixture(setup, server)
            wait_until(lambda: server.queued() == 0, REST)
            time.sleep(REST / 3)
            memory, descriptors = resources(server)
            end, messages = time.monotonic() + setup.mixed_seconds, 0
            while time.monotonic() < end:
                messages += round_of_mixture(setup, server)
            wait_until(lambda: server.queued() == 0, REST)
            wait_until(lambda: resources(server)[1] <= descriptors, REST)
            after = resources(server)
            return {"messages": messages, "memory_before_mib": memory, "memory_after_mib": after[0],
                    "memory_more_mib": after[0] - memory, "descriptors_before": descriptors,
                    "descriptors_after": after[1], "descriptors_more": after[1] - descriptors}


def round_of_mixture(setup, server):
    """Each kind of load once, half of it for the mailbox here and half for elsewhere."""
    accepted = 0
    for options in MIXTURE:
        for mailbox in (f"ann@{DOMAIN}", "bob@elsewhere.example"):
            if mailbox.startswith("ann") and "recipients" in options:
                continue
            load = Load(setup.programs, 2, mailbox=mailbox, **options)
            accepted += checked(load.run(server.port), server)["accepted"]
        for name in os.listdir(server.path(server.maildir)):
            os.unlink(server.path(os.path.join(server.maildir, name)))
    return accepted


FSYNCS = "fsync,fdatasync,sync_file_range,syncfs,msync"


def syncs(setup, kind):
    """Calls that make something durable, and all system calls, counted for each message."""
    if shutil.which("strace") is None:
        raise CannotMeasure("no strace is in PATH")
    with kind(setup, HOLD) as server:
        warm(setup, server)
        trace = server.path("strace")
        command = ["strace", "-f", "-qq", "-c", "-U", "name,calls", "-o", trace]
        for process in server.group.processes():
            command += ["-p", str(process)]
        tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(1)
        accepted = checked(Load(setup.programs, setup.seconds).run(server.port), server)["accepted"]
        time.sleep(1)
        tracer.terminate()
        tracer.wait(30)
        with open(trace, encoding="utf-8") as file:
            rows = [line.split() for line in file]
        calls = {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdecimal()}
    if not calls:
        raise CannotMeasure("strace counted nothing")
    return {"messages": accepted, "syncs": sum(calls.get(name, 0) for name in FSYNCS.split(",")) / accepted,
            "system_calls": calls.get("total", sum(calls.values())) / accepted}


idle = Scenario("idle", "memory of sessions that do nothing", (
    Case(f"{SESSIONS:,} sessions that have said EHLO", idle_sessions,
         ("sessions", "memory_mib", "memory_before_mib", "kib_each"), (AtMost("memory_mib", 64),),
         tuple(name for name in ALL if name != POSTFIX), rounds=1),
))
queue = Scenario("queue", "a queue in which much waits", (
    Case("many messages wait", full_queue, ("queued", "rate_empty", "rate_full", "memory_more_mib", "ready_s", "list_s",
                                            "memory_after_restart_mib"),
         (Times("rate_full", 0.95, "rate_empty"), AtMost("memory_more_mib", 20), AtMost("ready_s", 0.5),
          AtMost("list_s", 1)), (MARTLET,)),
    Case("many recipients wait", many_recipients, ("recipients", "ready_s", "memory_mib"),
         (AtMost("ready_s", 3), AtMost("memory_mib", 200)), (MARTLET,), rounds=1),
))
endurance = Scenario("mixed", "what is left in memory after mixed load", (
    Case("4 KiB and 64 KiB, reused connections and not, local and relayed", mixed,
         ("messages", "memory_before_mib", "memory_after_mib", "descriptors_before", "descriptors_after"),
         (AtMost("memory_more_mib", 8), AtMost("descriptors_more", 0)), (MARTLET,), rounds=1),
))
calls = Scenario("syncs", "calls that make something durable", (
    Case("4 KiB, 20 sessions, connections reused, under strace", syncs, ("messages", "syncs", "system_calls"),
         rounds=1),
))

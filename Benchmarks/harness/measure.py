"""What one measurement is: a server is started, warmed, loaded and looked at."""

import os
import time

from . import machine
from .machine import CannotMeasure
from .server import HOLD, MAILDIR, RELAY
from .tools import Load, Sink

# Seconds in which what was accepted must have reached its end.
DRAIN = 60
# Seconds after the load, for what a server puts off, such as its index.
SETTLE = 0.5


class Meter:
    """What a server and the machine used since the meter was made."""

    def __init__(self, setup, server):
        self.setup, self.server = setup, server
        self.cpu, self.flushes = server.group.cpu(), setup.disk.flushes()
        self.busy, self.begin = machine.busy(), time.monotonic()

    def read(self, messages, client_cpu):
        time.sleep(SETTLE)
        cpu, flushes = self.server.group.cpu() - self.cpu, self.setup.disk.flushes()
        seconds = time.monotonic() - self.begin
        others = machine.busy() - self.busy - cpu - client_cpu
        return {"cpu_ms": 1e3 * cpu / messages, "client_cpu_ms": 1e3 * client_cpu / messages,
                "flushes": None if flushes is None else (flushes - self.flushes) / messages,
                "other_cores": max(0.0, others / seconds)}


def wait_until(reached, patience):
    """Waits until a condition holds; gives whether it did."""
    deadline = time.monotonic() + patience
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def checked(report, server):
    if report["accepted"] == 0 or report["failed"] > 0.01 * report["accepted"]:
        raise CannotMeasure(f"{server.name} accepted {report['accepted']} messages and failed {report['failed']} "
                            f"times, first with {report['first_error']!r}; its output: {server.tail('output')}")
    return report


def warm(setup, server):
    report = Load(setup.programs, seconds=1, messages=200, size=1024).run(server.port)
    return checked(report, server)["accepted"]


def accept(setup, kind, **load):
    """Durable acceptance: the server answers 250 and keeps the message in its queue."""
    with kind(setup, HOLD) as server:
        warm(setup, server)
        meter = Meter(setup, server)
        report = checked(Load(setup.programs, setup.seconds, **load).run(server.port), server)
        figures = {name: report[name] for name in ("accepted", "rate", "p50_ms", "p99_ms")}
        return {**figures, **meter.read(report["accepted"], report["client_cpu"])}


def relay(setup, kind, delay_ms=0, options=None, **load):
    """Receive and hand on: timed from the first command until the sink has the last message."""
    with Sink(setup.programs, setup.folder, delay_ms, setup.chunking) as sink, \
            kind(setup, RELAY, sink, options) as server:
        before = warm(setup, server)
        if not wait_until(lambda: sink.messages >= before, DRAIN):
            raise CannotMeasure(f"{server.name} relayed {sink.messages} of {before} messages in {DRAIN} seconds; "
                                f"its output: {server.tail('output')}")
        meter, taken, connections = Meter(setup, server), sink.messages, sink.connections
        report = checked(Load(setup.programs, setup.seconds, **load).run(server.port), server)
        drained = wait_until(lambda: sink.messages - taken >= report["accepted"], DRAIN)
        relayed = sink.messages - taken
        if relayed == 0:
            raise CannotMeasure(f"{server.name} relayed nothing in {DRAIN} seconds")
        return {"accepted": report["accepted"], "left": report["accepted"] - relayed if not drained else 0,
                "rate": relayed / (sink.last_message - meter.begin), "accept_rate": report["rate"],
                "connections": sink.connections - connections, "most_connections": sink.most_connections,
                **meter.read(relayed, report["client_cpu"])}


def maildir(setup, kind, **load):
    """Receive and deliver into one Maildir: timed until the last message is in its folder `new`."""
    with kind(setup, MAILDIR) as server:
        before = warm(setup, server)
        if not wait_until(lambda: server.delivered() >= before, DRAIN):
            raise CannotMeasure(f"{server.name} delivered {server.delivered()} of {before} messages in {DRAIN} "
                                f"seconds; its output: {server.tail('output')}")
        there, begin, meter = server.delivered(), time.time(), Meter(setup, server)
        report = checked(Load(setup.programs, setup.seconds, **load).run(server.port), server)
        wait_until(lambda: server.delivered() - there >= report["accepted"], DRAIN)
        delivered = server.delivered() - there
        if delivered == 0:
            raise CannotMeasure(f"{server.name} delivered nothing in {DRAIN} seconds")
        last = os.stat(server.path(server.maildir)).st_mtime
        return {"accepted": report["accepted"], "left": report["accepted"] - delivered,
                "rate": delivered / (last - begin), "accept_rate": report["rate"],
                **meter.read(delivered, report["client_cpu"])}

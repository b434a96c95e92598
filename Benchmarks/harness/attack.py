"""The scenario of mail from honest clients while others attack."""

import json
import os
import subprocess
import time
from functools import partial

from .machine import CannotMeasure, Group
from .measure import Meter, checked, wait_until
from .scenario import MARTLET, AtMost, Case, Scenario, Times
from .server import HOLD
from .tools import Load, build

# Who sends the mail that the attack is to hinder; everybody else is a stranger.
HONEST = "127.0.0.2"
OPTIONS = {"listener": 'auth = "clear"', "more": f'[relay]\nfrom = ["{HONEST}/32"]'}
# Seconds in which all attackers must have been answered, and the server be rid of them afterwards.
PATIENCE = 60
# Seconds of attack before the load: what it is worth in the long run counts, not its first moment.
LEAD = 10


class Attack:
    """The tool `attack` at work, as long as the `with` lasts; `report` is what it says in the end."""

    def __init__(self, setup, port, kind, connections, addresses):
        self.command = [os.path.join(setup.programs, "attack"), *map(str, (port, kind, connections, addresses))]
        self.report = None

    def __enter__(self):
        self.group = Group("attack")
        self.process = self.group.start(self.command, output=subprocess.PIPE, text=True)
        said = self.process.stdout.readline().strip()
        if said != "ready":
            self.__exit__()
            raise CannotMeasure(f"the attack did not begin: {said!r}")
        return self

    def cpu(self):
        return self.group.cpu()

    def __exit__(self, *_):
        self.process.terminate()
        said = self.process.communicate()[0].strip()
        self.group.remove()
        self.report = json.loads(said) if said.startswith("{") else {}


def send(setup, server):
    """What the load reports, and what it cost the server."""
    meter = Meter(setup, server)
    report = checked(Load(setup.programs, setup.seconds, source=HONEST).run(server.port), server)
    return {**report, **meter.read(report["accepted"], report["client_cpu"])}


def attacked(setup, kind, attack, connections, addresses):
    """The rate of honest mail before, under and after an attack, and the server's memory each time."""
    build(setup.programs, ("attack",))
    with kind(setup, HOLD, options=OPTIONS) as server:
        warm_from_honest(setup, server)
        before = send(setup, server)
        time.sleep(2)
        memory, descriptors = server.group.memory(), server.group.descriptors()
        with Attack(setup, server.port, attack, connections, addresses) as others:
            time.sleep(LEAD)
            used, begin = others.cpu(), time.monotonic()
            under = send(setup, server)
            cores = (others.cpu() - used) / (time.monotonic() - begin)
            height = server.group.memory()
        wait_until(lambda: server.group.descriptors() <= descriptors, PATIENCE)
        after = send(setup, server)
        time.sleep(5)
        left = server.group.memory()
        quiet, cpu = ((before[name] + after[name]) / 2 for name in ("rate", "cpu_ms"))
        return {"rate_quiet": quiet, "rate_attacked": under["rate"], "ratio": under["rate"] / quiet,
                "p99_quiet_ms": before["p99_ms"], "p99_ms": under["p99_ms"], "cpu_quiet_ms": cpu,
                "cpu_ms": under["cpu_ms"], "other_cores": under["other_cores"], "attack_cores": cores,
                "memory_before_mib": memory, "memory_under_mib": height, "memory_after_mib": left,
                "memory_more_mib": left - memory, **others.report}


def warm_from_honest(setup, server):
    checked(Load(setup.programs, seconds=1, messages=200, size=1024, source=HONEST).run(server.port), server)


FIGURES = ("rate_quiet", "rate_attacked", "ratio", "p99_quiet_ms", "p99_ms", "cpu_quiet_ms", "cpu_ms", "attack_cores",
           "other_cores", "memory_before_mib", "memory_under_mib", "memory_after_mib", "most_open", "refused", "guesses",
           "wrong", "unheard")


def case(title, *arguments):
    return Case(title, partial(attacked, attack=arguments[0], connections=arguments[1], addresses=arguments[2]), FIGURES,
                (Times("rate_attacked", 0.9, "rate_quiet"), AtMost("memory_more_mib", 8)), (MARTLET,))


attack = Scenario("attack", "honest mail while others attack", (
    case("10,000 connections from 1,000 addresses say nothing", "silent", 10_000, 1_000),
    case("1,000 connections from one address say nothing", "silent", 1_000, 1),
    case("1,000 connections from 1,000 addresses send one octet a second", "trickle", 1_000, 1_000),
    case("1,000 connections from 1,000 addresses fail AUTH again and again", "auth", 1_000, 1_000),
    case("1,000 connections from one address fail AUTH again and again", "auth", 1_000, 1),
))

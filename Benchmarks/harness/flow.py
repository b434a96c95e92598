"""The scenarios of mail on its way: accepted, relayed, delivered."""

from functools import partial

from . import measure
from .scenario import EXIM, MARTLET, POSTFIX, AtMost, Case, Scenario, Times

ACCEPT = ("rate", "p50_ms", "p99_ms", "cpu_ms", "client_cpu_ms", "flushes", "other_cores")
RELAY = ("rate", "accept_rate", "cpu_ms", "flushes", "connections", "most_connections", "left", "other_cores")
LOCAL = ("rate", "accept_rate", "cpu_ms", "flushes", "left", "other_cores")
KIB = 1024


def few(setup, kind, **options):
    """Relays no more messages than the peers can in the time: a slow sink makes a long queue of a fast acceptance."""
    return measure.relay(setup, kind, delay_ms=30, messages=int(200 * setup.seconds), **options)


accept = Scenario("accept", "durable acceptance into the queue", (
    Case("4 KiB, 20 sessions, connections reused", measure.accept, ACCEPT,
         (Times("rate", 6, POSTFIX), Times("rate", 4, EXIM), AtMost("cpu_ms", 0.1), AtMost("p99_ms", 8))),
    Case("4 KiB, 100 sessions, connections reused", partial(measure.accept, sessions=100), ACCEPT,
         (Times("rate", 9, POSTFIX), Times("rate", 8, EXIM), AtMost("cpu_ms", 0.1))),
    Case("4 KiB, 20 sessions, a connection for each message", partial(measure.accept, reuse=False), ACCEPT,
         (Times("rate", 5, POSTFIX),)),
))
large = Scenario("large", "durable acceptance of large messages", (
    Case("64 KiB, 20 sessions, connections reused", partial(measure.accept, size=64 * KIB), ACCEPT,
         (Times("rate", 3, POSTFIX), Times("rate", 3, EXIM))),
    Case("1 MiB, 20 sessions, connections reused", partial(measure.accept, size=KIB * KIB), ACCEPT,
         (Times("rate", 1, POSTFIX), Times("rate", 1, EXIM))),
))
relay = Scenario("relay", "receiving and handing on to a sink", (
    Case("4 KiB, 20 sessions, connections reused", measure.relay, RELAY, (Times("rate", 8, POSTFIX),)),
    Case("the same, each answer of the sink 30 ms late, 20 connections at most", few, RELAY,
         (Times("rate", 1.6, POSTFIX),), servers=(MARTLET, POSTFIX, EXIM)),
    Case("the same with up to 200 connections of Martlet's", partial(
        few, options={"limits": "deliveries = 400\ndeliveries_per_destination = 200"}), RELAY,
        (Times("rate", 6, POSTFIX),), servers=(MARTLET, POSTFIX)),
))
local = Scenario("maildir", "receiving and delivering into one Maildir", (
    Case("4 KiB, 20 sessions, connections reused", measure.maildir, LOCAL, (Times("rate", 4, POSTFIX),)),
))

"""Scenarios, their cases, and the bars that Martlet is held to."""

from dataclasses import dataclass, field
from typing import Callable

MARTLET, POSTFIX, EXIM, OPENSMTPD = "martlet", "postfix", "exim", "opensmtpd"
ALL = (MARTLET, POSTFIX, EXIM, OPENSMTPD)


@dataclass(frozen=True)
class Times:
    """At least `factor` times the figure of another: of a peer, or of another figure of Martlet's."""

    figure: str
    factor: float
    of: str

    def __str__(self):
        return f"{self.figure} at least {self.factor:g} × {self.of}"

    def measured(self, medians):
        own = medians.get(MARTLET, {})
        other = own.get(self.of) if self.of in own else medians.get(self.of, {}).get(self.figure)
        return own[self.figure] / other if own.get(self.figure) and other else None

    def is_met(self, value):
        return value >= self.factor


@dataclass(frozen=True)
class AtMost:
    """A figure of Martlet's that may not be larger."""

    figure: str
    limit: float

    def __str__(self):
        return f"{self.figure} at most {self.limit:g}"

    def measured(self, medians):
        return medians.get(MARTLET, {}).get(self.figure)

    def is_met(self, value):
        return value <= self.limit


@dataclass(frozen=True)
class Case:
    """One table: `run` measures one of `servers`, whose class it is given, once and gives its figures."""

    title: str
    run: Callable
    figures: tuple
    bars: tuple = ()
    servers: tuple = ALL
    # Rounds, where the number asked for would be too many.
    rounds: int = 99


@dataclass(frozen=True)
class Scenario:
    name: str
    about: str
    cases: tuple = field(default=())

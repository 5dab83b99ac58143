"""What the ledger must say: the rules of a mail once more, in plain Python and without a database.

The state machine tells each mail here what it does to the real one, and compares the two.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import BounceClass, Delivery

State = Delivery.State


class Row(NamedTuple):
    """A delivery as the database has it."""

    state: int
    generation: int
    delivered_at: dt.datetime | None
    bounced_at: dt.datetime | None
    bounce_class: int | None
    complained_at: dt.datetime | None


@dataclass
class Mail:
    """One delivery as it should be, and what the mail server knows of it."""

    address: int
    state: State = State.PENDING
    generation: int = 0
    tried: bool = False
    overdue: bool = False  # first tried more than 72 hours ago
    left: bool = False  # its reader left, or the mailbox does not exist
    refused: set[int] = field(default_factory=set)  # attempts that a server refused for good
    taken: list[int] = field(default_factory=list)  # attempts of which a server took the mail
    wishes: int = 0  # how often a person asked for one more
    delivered_at: dt.datetime | None = None
    bounced_at: dt.datetime | None = None
    bounce_class: int | None = None
    complained_at: dt.datetime | None = None

    @property
    def row(self) -> Row:
        return Row(
            self.state,
            self.generation,
            self.delivered_at,
            self.bounced_at,
            self.bounce_class,
            self.complained_at,
        )

    # --- what workers and servers do

    def arm(self) -> None:
        self.state = State.ARMED
        self.generation += 1
        self.tried = True

    def settle(self, generation: int, outcome: Outcome, *, cancelled: bool) -> bool:
        """An answer counts for its own attempt alone, and while nothing better is known."""
        open_for = {State.ARMED, State.UNKNOWN}
        if outcome.end == End.ACCEPTED:
            open_for.add(State.FAILED)  # by a bounce that was quicker than the answer
        if generation != self.generation or self.state not in open_for:
            return False
        self.state = {
            End.ACCEPTED: State.ACCEPTED,
            End.FAILED: State.FAILED,
            End.UNKNOWN: State.UNKNOWN,
            End.DEFERRED: State.CANCELLED if cancelled else State.PENDING,
        }[outcome.end]
        if self.state == State.FAILED:
            self.refused.add(generation)
        return True

    def take_back(self) -> None:
        if self.state == State.ARMED:
            self.state = State.UNKNOWN

    def doubt(self) -> None:
        """This is a copy of the database: the next attempt may have been made elsewhere."""
        if self.state == State.PENDING:
            self.generation += 1
            self.state = State.UNKNOWN
        self.take_back()

    def stop(self, why: State) -> None:
        if self.state == State.PENDING:
            self.state = why

    # --- what readers and people do

    def leave(self) -> None:
        self.left = True
        self.stop(State.SUPPRESSED)

    def again(self) -> None:
        """A person decides so: another try, with 72 hours of its own."""
        if not self.left:
            self.state = State.PENDING
            self.tried = self.overdue = False
            self.wishes += 1

    # --- what is told of it afterwards

    def has_it(self, generation: int | None) -> None:
        """Somebody has the mail; of an attempt that had an end, only a fact about it says so."""
        of_this = generation in (None, self.generation)
        if self.state in (State.ARMED, State.FAILED, State.UNKNOWN) and not of_this:
            return
        if self.generation and self.generation not in self.refused:
            self.state = State.ACCEPTED

    def note_bounce(self, kind: BounceClass, at: dt.datetime) -> None:
        """The earliest moment and the gravest kind count; without its mailbox nothing is sent."""
        self.bounced_at = min(at, self.bounced_at or at)
        self.bounce_class = min(kind, self.bounce_class or kind)
        if kind == BounceClass.GONE:
            self.leave()

    def came_back(self, generation: int | None) -> None:
        """A bounce decides what nobody decided; one that names no attempt is of the first."""
        if self.state in (State.ARMED, State.UNKNOWN) and self.generation == (generation or 1):
            self.state = State.FAILED

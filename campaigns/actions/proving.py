"""Does the sink hold what the ledger says? The development sink's record is independent of it."""

from collections import Counter

from campaigns.mail import links
from campaigns.models import Campaign, Delivery
from crm.models import InboxMail

State = Delivery.State
Place = tuple[int | None, str]
"""A lane and a language."""


class Comparison:
    """A campaign's deliveries beside the mails in the sink that carry their Message-IDs."""

    def __init__(self, campaign: Campaign) -> None:
        self.states: dict[int, int] = {}
        self.places: dict[int, Place] = {}
        for pk, state, release, language in Delivery.objects.filter(campaign=campaign).values_list(
            "pk", "state", "release", "language"
        ):
            self.states[pk] = state
            self.places[pk] = (release, language)
        message_ids = InboxMail.objects.values_list("message_id", flat=True).iterator()
        written = (links.delivery_id(message_id) for message_id in message_ids)
        self.arrived = Counter(pk for pk in written if pk is not None and pk in self.states)

    @property
    def by_place(self) -> Counter[Place]:
        """Mails in the sink, by lane and language."""
        counts: Counter[Place] = Counter()
        for pk, count in self.arrived.items():
            counts[self.places[pk]] += count
        return counts

    @property
    def undecided_arrived(self) -> int:
        return sum(1 for pk in self.arrived if self.states[pk] == State.UNKNOWN)

    @property
    def differences(self) -> list[str]:
        """What cannot be, as sentences; empty if sink and ledger agree mail by mail."""
        twice = sum(1 for count in self.arrived.values() if count > 1)
        lost = sum(
            1
            for pk, state in self.states.items()
            if state == State.ACCEPTED and pk not in self.arrived
        )
        unsent = sum(
            1 for pk in self.arrived if self.states[pk] not in (State.ACCEPTED, State.UNKNOWN)
        )
        found = (
            (twice, "readers were mailed twice"),
            (lost, "mails are accepted in the ledger and missing in the sink"),
            (unsent, "mails are in the sink and were not sent by the ledger"),
        )
        return [f"{count} {what}." for count, what in found if count]

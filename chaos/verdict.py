"""What a scene came to: the sink's record against the ledger."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from campaigns.actions import ledger
from campaigns.mail.links import delivery_id
from campaigns.models import Attempt, Campaign, Delivery
from chaos.sink import repeated
from chaos.stage import Scene

State = Delivery.State
OPEN = (State.PENDING, State.ARMED)


def ended(campaign: Campaign) -> bool:
    campaign.refresh_from_db(fields=["status"])
    return campaign.status in (Campaign.Status.FINISHED, Campaign.Status.PAUSED)


@dataclass
class Verdict:
    """`lost` and `twice` are by the sink's own record."""

    scene: str
    recipients: int
    lost: int
    twice: int
    undecided: int
    arrived_of_undecided: int
    astray: int
    desk: int
    balanced: bool
    finished: bool
    seconds: float
    silence_s: float
    states: dict[str, int]
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.faults

    def demand(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.faults.append(otherwise)

    @property
    def facts(self) -> dict[str, Any]:
        facts = {k: v for k, v in vars(self).items() if k != "more"}
        return {**facts, "passed": self.passed, **self.more}


def judge(name: str, scene: Scene, campaign: Campaign, *, within: float = 600) -> Verdict:
    """Compare every row with the record; what must hold in every scene is demanded here."""
    campaign.refresh_from_db()
    book = ledger.read(campaign)
    states = dict(Delivery.objects.filter(campaign=campaign).values_list("pk", "state"))
    record = scene.sink.record.read()
    arrived = {delivery_id(message_id) for message_id, _reader in record}
    accepted = {pk for pk, state in states.items() if state == State.ACCEPTED}
    undecided = {pk for pk, state in states.items() if state == State.UNKNOWN}
    unended = [pk for pk, state in states.items() if state in OPEN]
    shown = Attempt.objects.undecided().open().filter(delivery__in=undecided)
    verdict = Verdict(
        scene=name,
        recipients=book.total.expected,
        lost=len(accepted - arrived) + len(unended) + max(0, book.total.expected - len(states)),
        twice=max(repeated([mail for mail, _ in record]), repeated([to for _, to in record])),
        undecided=len(undecided),
        arrived_of_undecided=len(undecided & arrived),
        astray=len(arrived - accepted - undecided),
        desk=shown.values("delivery").distinct().count(),
        balanced=book.balances,
        finished=campaign.status == Campaign.Status.FINISHED,
        seconds=round(scene.seconds, 1),
        silence_s=round(scene.sink.record.silence(), 1),
        states={State(state).name.lower(): n for state, n in Counter(states.values()).items()},
    )
    paused = f" ({campaign.reason_paused})" if campaign.reason_paused else ""
    verdict.demand(verdict.lost == 0, f"{verdict.lost} lost")
    verdict.demand(verdict.twice == 0, f"{verdict.twice} mailed twice")
    verdict.demand(verdict.astray == 0, f"{verdict.astray} arrived that the ledger calls unsent")
    verdict.demand(verdict.balanced, "the ledger does not balance")
    verdict.demand(verdict.finished, f"the campaign is {campaign.get_status_display()}{paused}")
    verdict.demand(verdict.desk == verdict.undecided, "an undecided mail is not on the desk")
    verdict.demand(verdict.seconds <= within, f"it took longer than {within:.0f} s")
    return verdict

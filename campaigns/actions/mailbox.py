"""What mails to our mailbox mean in this ledger: bounces, leaving, answers of calendars."""

from django.utils import timezone

from campaigns.actions import feedback, signatures
from campaigns.actions.feedback import Fact
from campaigns.mail import reports
from campaigns.models import Campaign, Delivery
from crm.models import Address, Answer, Cluster
from crm.rules import calendars

PROVIDER = "mailbox"
PARTSTATS = {
    "ACCEPTED": Answer.Value.COMING,
    "TENTATIVE": Answer.Value.MAYBE,
    "DECLINED": Answer.Value.NOT_COMING,
}
KINDS: dict[str, feedback.Kind] = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
    "relayed": "accepted",
    "expanded": "accepted",
}


def understand(raw: bytes) -> None:
    """Act on one mail. The same mail again changes nothing."""
    act(meaning(raw))
    signatures.note(raw)


def meaning(raw: bytes) -> reports.Report:
    """What a mail means in this ledger: of what is not about it, people decide."""
    report = reports.read(raw)
    match report:
        case reports.CalendarAnswer():
            return report if _invited(report) else reports.ForPeople()
        case reports.Bounce() | reports.Complaint() | reports.Leaving():
            known = Delivery.objects.filter(pk=report.delivery).exists()
            return report if known else reports.ForPeople()
        case reports.LeavingByAddress():
            return report if _who_leaves(report) else reports.ForPeople()
    return report


def act(report: reports.Report) -> None:
    """Write down what a report tells."""
    now = timezone.now()
    match report:
        case reports.Bounce(delivery, action, status, text):
            feedback.record(Fact(KINDS[action], delivery, now, PROVIDER, status=status, text=text))
        case reports.Complaint(delivery):
            feedback.record(Fact("complained", delivery, now, PROVIDER))
        case reports.Leaving(delivery):
            feedback.record(Fact("unsubscribed", delivery, now, "unsubscribe mail"))
        case reports.LeavingByAddress():
            if found := _who_leaves(report):
                address, campaign, cluster = found
                feedback.unsubscribed(
                    address=address, campaign=campaign, cluster=cluster, source="unsubscribe mail"
                )
        case reports.CalendarAnswer():
            if invited := _invited(report):
                feedback.answered(delivery=invited, value=PARTSTATS[report.partstat])


def _who_leaves(report: reports.LeavingByAddress) -> tuple[Address, Campaign, Cluster] | None:
    """Of another installation's mails nothing is known here."""
    leaving = report.leaving
    address = Address.objects.filter(pk=leaving.address_id).first()
    campaign = Campaign.objects.filter(pk=leaving.campaign_id).first()
    cluster = Cluster.objects.filter(pk=leaving.cluster_id).first()
    return (address, campaign, cluster) if address and campaign and cluster else None


def _invited(answer: reports.CalendarAnswer) -> Delivery | None:
    """The delivery of the invitation that is answered, by the very person who was invited.

    The address proves that the answer is to that mail, not who wrote it: an invitation that was
    passed on is answered by somebody else.
    """
    delivery = (
        Delivery.objects.select_related("address", "campaign__event", "campaign__mission", "person")
        .filter(pk=answer.delivery, person__isnull=False)
        .first()
    )
    if delivery is None or delivery.campaign.event is None or answer.partstat not in PARTSTATS:
        return None
    if answer.uid != calendars.uid(delivery.campaign.event.calendar_uid):
        return None
    invited = f"{delivery.address.email or ''}".casefold()
    written = f"{invited.rpartition('@')[0]}@{delivery.address.domain}"
    return delivery if answer.attendee.casefold() in (invited, written) else None

"""Two mailings of the past, really sent to the sink: refused, complained about, cut, interrupted.

A load that was stopped midway takes them up where they are.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from campaigns.actions import campaigns, feedback, freezing, releases, sending, sweeping
from campaigns.demo.days import Days
from campaigns.mail import links
from campaigns.mail.transports.contract import Unreachable
from campaigns.models import Audience, Campaign, Delivery
from crm.actions import inbox
from crm.models import Event, User

INTERRUPTED_AFTER = 12  # mails


def load(days: Days, by: User) -> list[str]:
    """Send what was not sent yet; returns what was done, in words."""
    done = []
    if _send_wholly(
        _invitation("webinar-2021", "vaccines-cros-nutrition", FATES, days.ago(120), by)
    ):
        done.append("a past invitation, with bounces, complaints and a cut line")
    if _send_partly(_invitation("bio-europe-spring-2016", "oncology", ONCOLOGY, days.ago(60), by)):
        done.append("a past invitation, interrupted midway")
    return done


CONTACTS = [
    {"f": "kind", "op": "in", "v": ["contact"]},
    {"f": "standing", "op": "in", "v": ["member"]},
]
FATES = {
    "all": [
        *CONTACTS,
        {
            "any": [
                {"f": "product", "op": "in", "v": ["vaccine", "cro"]},
                {"f": "area", "op": "in", "v": ["nutrition"]},
            ]
        },
    ]
}
ONCOLOGY = {"all": [*CONTACTS, {"f": "area", "op": "in", "v": ["oncology"]}]}


def _invitation(
    slug: str, ref: str, include: Mapping[str, object], at: dt.datetime, by: User
) -> Campaign:
    """The event's campaign, drafted, released and started if it wasn't yet."""
    event = Event.objects.get(slug=slug)
    alliance = event.alliances.get()
    audience, _created = Audience.objects.get_or_create(
        ref=ref,
        defaults={
            "alliance": alliance,
            "name": ref.replace("-", ", ").capitalize(),
            "include": include,
        },
    )
    campaign = campaigns.invite(event=event, by=by, audience=audience, at=at)
    if campaign.status == Campaign.Status.DRAFT:
        releases.release_all(campaign=campaign, by=by)
        campaigns.schedule(campaign=campaign, by=by, send_at=at)
    freezing.start(campaign)  # by its own day: today its event is over, and holds it back
    campaign.refresh_from_db()
    if campaign.status == Campaign.Status.SENDING:
        freezing.freeze_lanes(campaign)
    return campaign


def _send_wholly(campaign: Campaign) -> bool:
    if campaign.status != Campaign.Status.SENDING:
        return False
    _work(campaign, until=lambda: False)
    for mail in inbox.complaints():
        delivery = Delivery.objects.filter(pk=links.delivery_id(mail.message_id) or 0).first()
        if delivery:
            feedback.complained(delivery=delivery, source="feedback loop of the mailbox provider")
        inbox.passed_on(mail)
    return True


def _send_partly(campaign: Campaign) -> bool:
    """Somebody pressed Pause after a dozen mails."""
    if campaign.status != Campaign.Status.SENDING:
        return False
    sent = Delivery.objects.filter(campaign=campaign, settled_at__isnull=False)
    _work(campaign, until=lambda: sent.count() >= INTERRUPTED_AFTER)
    campaigns.pause(
        campaign=campaign,
        by=campaign.created_by,
        reason="The room has changed; a new text follows.",
    )
    return True


def _work(campaign: Campaign, until: Callable[[], bool]) -> None:
    tally = sending.work(campaign, seconds=120, stop=until)
    if tally.trouble:
        raise Unreachable(tally.trouble)
    sweeping.tidy()

"""Campaigns that wait: a call with reminders, two subjects being tried, a release under embargo."""

import datetime as dt
from typing import Any

from campaigns.actions import (
    beginning,
    campaigns,
    contents,
    embargoes,
    enclosures,
    feedback,
    freezing,
    releases,
    reminders,
    sending,
    trials,
)
from campaigns.demo import events, open_mission
from campaigns.demo.days import Days, moment
from campaigns.demo.documents import pdf
from campaigns.demo.mailings import CONTACTS, FATES, ONCOLOGY
from campaigns.models import Audience, Campaign, Delivery
from crm.models import Alliance, Deadline, Event, Mission, Topic, User

ALLIANCE = "bioxclusters-plus"
TRIED = "heart-brain-personalised"
FIELDS = ["cardiovascular", "cns", "infectious", "inflammatory", "personalised"]
INCLUDE = {"all": [*CONTACTS, {"f": "area", "op": "in", "v": FIELDS}]}
SECOND_SUBJECTS = {
    "en": "Twenty minutes each with Japanese companies: will you come?",
    "fr": "Vingt minutes avec chaque entreprise japonaise : viendrez-vous ?",
    "de": "Je zwanzig Minuten mit japanischen Unternehmen: Kommen Sie?",
    "it": "Venti minuti con ciascuna impresa giapponese: verrà?",
    "es": "Veinte minutos con cada empresa japonesa: ¿vendrá?",
    "ca": "Vint minuts amb cada empresa japonesa: vindreu?",
}
COMING = {Delivery.Subject.DRAWN_FIRST: 3, Delivery.Subject.DRAWN_SECOND: 5}
"""How many who got either subject have answered by now."""
TITLE = "Four regions open an office in Osaka"
RELEASE: dict[str, tuple[str, str, str]] = {
    "en": (
        "Press release: four regions open an office in Osaka",
        "Four regions open an office in Osaka",
        "Companies of Auvergne-Rhône-Alpes, Bavaria, Catalonia and Piedmont find a desk, a phone "
        "and somebody who speaks their language in Osaka from the spring on. The office is shared "
        "by all members of the alliance.",
    ),
    "fr": (
        "Communiqué de presse : quatre régions ouvrent un bureau à Osaka",
        "Quatre régions ouvrent un bureau à Osaka",
        "Les entreprises d’Auvergne-Rhône-Alpes, de Bavière, de Catalogne et du Piémont trouveront "
        "à Osaka, dès le printemps, un bureau, un téléphone et quelqu’un qui parle leur langue. Le "
        "bureau est partagé par tous les membres de l’alliance.",
    ),
}


def draft(days: Days, by: User) -> None:
    """Everything that is only written down."""
    _remind(by)
    _try_two_subjects(by)
    _write_release(days, by)


def _remind(by: User) -> None:
    """Of the open mission's last call, in the plan before its call has left."""
    mission = Mission.objects.get(slug=open_mission.SLUG)
    call = campaigns.announce(mission=mission, by=by)
    members = mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
    last = members.order_by("at").last()
    if last and not call.reminders.exists():
        reminders.plan(call=call, by=by, deadline=last, days=[14, 7, 2], hour=dt.time(9))


def _try_two_subjects(by: User) -> None:
    """Of the coming event's invitation, to few enough that nobody is written to too often."""
    event = Event.objects.get(slug=events.NEXT)
    audience, _created = Audience.objects.get_or_create(
        ref=TRIED,
        defaults={
            "alliance": event.alliances.get(),
            "name": "Heart, brain, infection and personalised medicine",
            "include": INCLUDE,
            "exclude": {"any": [FATES, ONCOLOGY]},
        },
    )
    invitation = campaigns.invite(event=event, by=by, audience=audience)
    if invitation.status == Campaign.Status.DRAFT:
        written = set(invitation.texts.values_list("language", flat=True))
        trials.lay(
            campaign=invitation,
            by=by,
            subjects={code: text for code, text in SECOND_SUBJECTS.items() if code in written},
            share=25,
            hours=72,
            policy="better",
        )


def _write_release(days: Days, by: User) -> None:
    alliance = Alliance.objects.get(slug=ALLIANCE)
    campaign = beginning.begin(
        kind=Campaign.Kind.PRESS,
        alliance=alliance,
        title=TITLE,
        topic=Topic.objects.get(slug=f"{ALLIANCE}-press"),
        by=by,
    )
    outline = campaign.texts.order_by("pk")[0].blocks
    for language, (subject, heading, text) in RELEASE.items():
        words = {"heading": heading, "text": text}
        blocks: list[dict[str, Any]] = [
            {**block, "text": words[block["kind"]]} if block["kind"] in words else block
            for block in outline
        ]
        contents.edit(
            campaign=campaign, language=language, subject=subject, preheader="", blocks=blocks,
            ready=True, by=by,
        )  # fmt: skip
    enclosures.enclose(
        campaign=campaign,
        titles={"en": "The office in figures", "fr": "Le bureau en chiffres"},
        file=("office-in-figures.pdf", pdf("The office in figures", ("4 regions", "1 desk"))),
        by=by,
        language="en",
    )
    zone = "Europe/Paris"
    embargoes.lay(campaign=campaign, by=by, until=moment(days.ahead(2, 1), 6, zone=zone), zone=zone)


def send_sample(by: User) -> bool:
    """Let the samples of both subjects leave, and some answer; False: that was done before."""
    invitation = Campaign.objects.filter(event__slug=events.NEXT, trial__isnull=False).first()
    if invitation is None or invitation.status != Campaign.Status.DRAFT:
        return False
    releases.release_all(campaign=invitation, by=by)
    campaigns.schedule(campaign=invitation, by=by, send_at=invitation.created_at, heeds_quiet=False)
    freezing.start_due()
    invitation.refresh_from_db()
    sending.work(invitation, seconds=120)
    for subject, count in COMING.items():
        got = Delivery.objects.filter(campaign=invitation, subject=subject)
        got = got.filter(state=Delivery.State.ACCEPTED, bounced_at=None).order_by("pk")
        for mail in got.select_related("person", "campaign")[:count]:
            feedback.answered(delivery=mail, value="coming")
    return True

"""Who is written to once more: people who got one campaign, by what became of it."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models.campaigns import Campaign
from campaigns.models.conditions import people_in
from campaigns.models.deliveries import BOUNCED, Delivery
from campaigns.models.digests import owed_people
from crm.models import Answer, Person

State, Rule = Delivery.State, Campaign.FollowRule

GOT_IT = Q(state=State.ACCEPTED) & ~BOUNCED
# Of what is undecided nobody knows; whoever stopped it themselves is left alone.
MISSED_IT = Q(state__in=(State.FAILED, State.EXPIRED, State.CANCELLED)) | BOUNCED
MAILS = {Rule.UNANSWERED: GOT_IT, Rule.UNREACHED: MISSED_IT, Rule.ALL: GOT_IT | MISSED_IT}


def asked_for(campaign: Campaign) -> QuerySet[Person]:
    """Everybody whom a mailing asks for, mailable or not."""
    followed = campaign.follows
    if followed is None:
        if campaign.is_digest:
            return owed_people(campaign.digest, today=timezone.localdate())
        assert campaign.audience
        return people_in(campaign.audience.include, campaign.audience.exclude)
    if waits_for_its_call(campaign):
        return _unanswered(asked_for(followed), followed)
    return readers_of(followed, campaign.follow_rule)


def waits_for_its_call(campaign: Campaign) -> bool:
    """Whether it follows one that has not left: who gets it is known when that has.

    Until then it is counted for who would get the call today. Only reminders are made so early.
    """
    return campaign.follows is not None and campaign.follows.started_at is None


def readers_of(campaign: Campaign, rule: str) -> QuerySet[Person]:
    """The readers of a campaign by what became of it, as they are called today."""
    mails = Delivery.objects.filter(MAILS[Rule(rule)], campaign=campaign)
    got = mails.values("person")
    merged = Person.objects.filter(pk__in=got, merged_into__isnull=False)
    people: QuerySet[Person] = Person.objects.filter(
        Q(pk__in=got) | Q(pk__in=merged.values("merged_into")), erased_at=None, merged_into=None
    )
    if rule == Rule.UNANSWERED:
        people = _unanswered(people, campaign) if campaign.is_answered else people.none()
    return people.order_by()


def _unanswered(people: QuerySet[Person], campaign: Campaign) -> QuerySet[Person]:
    answers = Answer.objects.filter(mission=campaign.mission, event=campaign.event)
    told = answers.annotate(human=Coalesce("person__merged_into", "person"))
    return people.exclude(pk__in=told.values("human"))

"""One mailing, from draft to a balanced ledger."""

from typing import Self

from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.audiences import Audience
from campaigns.models.posts import Post
from crm.models import Alliance, Event, Mission, Person, Purpose, Topic, User
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Viewer) -> Self:
        """Campaigns of alliances I read; as a regional contact, those with a lane of mine."""
        scope = scope_of(user)
        mailings = self.exclude(kind=Campaign.Kind.LETTER)
        if scope.admin:
            return mailings
        return mailings.filter(
            Q(alliance_id__in=scope.reads_alliances)
            | Q(pk__in=Campaign.objects.filter(releases__cluster__in=scope.clusters).values("pk"))
        )

    def editable_by(self, user: Viewer) -> Self:
        """The coordinator of the alliance writes and sends."""
        scope = scope_of(user)
        mailings = self.exclude(kind=Campaign.Kind.LETTER)
        if scope.admin:
            return mailings
        return mailings.filter(alliance_id__in=scope.coordinates)

    def for_list(self, user: Viewer) -> Self:
        """What one line of a list shows, newest first; counts readers of the user's lanes only."""
        scope = scope_of(user)
        read = Q(alliance_id__in=scope.reads_alliances) | Q(releases__cluster__in=scope.clusters)
        recipients = Sum("releases__expected", filter=None if scope.admin else read)
        waiting = Count("releases", filter=Q(releases__status="waiting"))
        return (
            self.select_related("alliance", "mission", "event", "reminder")
            .annotate(recipients=recipients, waiting_lanes=waiting)
            .order_by("-created_at", "-pk")
        )

    def due(self) -> Self:
        """By the database's clock, as everything that decides whether mail leaves.

        While a call is paused its reminders wait: what is wrong with it may be wrong with them.
        None leaves before its call.
        """
        due = self.filter(status=Campaign.Status.SCHEDULED, send_at__lte=Now())
        call = Q(reminder=None) | Q(reminder__call__started_at__isnull=False)
        return due.filter(call).exclude(reminder__call__status=Campaign.Status.PAUSED)

    def under_way(self) -> Self:
        return self.filter(status__in=(Campaign.Status.SENDING, Campaign.Status.PAUSED))


@tracked()
class Campaign(models.Model):
    """One mailing, or the standing campaign of a kind of letter.

    What it is about is its record: a mission or an event, which writes its text and is answered.
    Announcements and press releases have none; they have a title, and files of their own. An
    announcement may tell a post, which then writes its text; it is not answered either. A digest
    tells several, to each reader those that they have not had.
    """

    class Kind(models.TextChoices):
        MISSION_CALL = "mission-call", _("mission call")
        EVENT_INVITATION = "event-invitation", _("event invitation")
        ANNOUNCEMENT = "announcement", _("announcement")
        PRESS = "press", _("press release")
        DIGEST = "digest", _("digest")
        LETTER = "letter", _("letters")

    OF_NO_RECORD = (Kind.ANNOUNCEMENT, Kind.PRESS)

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    UNSTARTED = (Status.DRAFT, Status.SCHEDULED)
    ENDED = (Status.FINISHED, Status.CANCELLED)

    class AtDeadline(models.TextChoices):
        WAIT = "wait", _("goes on waiting")
        RELEASE = "release", _("is released")
        LAPSE = "lapse", _("is declined")

    class FollowRule(models.TextChoices):
        """To which readers of the campaign that it follows one goes."""

        UNANSWERED = "unanswered", _("who got it and did not answer")
        UNREACHED = "unreached", _("whom it did not reach")
        ALL = "all", _("everybody whom it was sent to")

    ref = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.MISSIONS)
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, related_name="campaigns")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="campaigns")
    mission = models.ForeignKey(Mission, models.PROTECT, null=True, related_name="campaigns")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="campaigns")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="campaigns")
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text="What no record gives a name."
    )
    embargo_until = models.DateTimeField(
        null=True, blank=True, help_text="Before then nothing of a press release is to be printed."
    )
    embargo_zone = models.CharField(max_length=40, blank=True)
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, related_name="campaigns")
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        help_text="The campaign to whose readers this one goes, instead of the audience's.",
    )
    follow_rule = models.CharField(max_length=10, choices=FollowRule, blank=True)
    content_version = models.ForeignKey(
        "campaigns.ContentVersion", models.PROTECT, null=True, related_name="+"
    )
    same_as = models.CharField(
        max_length=80,
        blank=True,
        help_text="Campaigns of several alliances that tell one story share it: one copy a person.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    at_deadline = models.CharField(
        max_length=7,
        choices=AtDeadline,
        default=AtDeadline.WAIT,
        help_text="What becomes of a lane that nobody decided by its date.",
    )
    send_at = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(max_length=40, default="Europe/Paris")
    pace = models.PositiveIntegerField(
        null=True, blank=True, help_text="Mails per second over all workers; empty: unlimited."
    )
    spread_minutes = models.PositiveIntegerField(
        default=0, help_text="Over how long each lane's mails leave, evenly; 0: at once."
    )
    heeds_quiet = models.BooleanField(
        default=True, help_text="Whether its lanes wait in the quiet hours of their region."
    )
    next_slot_at = models.DateTimeField(null=True)
    fence_epoch = models.PositiveIntegerField(default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(
        max_length=300, blank=True, help_text="Why nothing leaves at the moment, as a sentence."
    )
    canary = models.BooleanField(
        default=False, help_text="Only the canary's batches leave; the rest waits for the look."
    )
    canary_ends_at = models.DateTimeField(null=True, blank=True)
    forgiven = models.JSONField(
        default=dict, help_text="What the breaker had counted when a person let it go on."
    )
    uncompiled = models.CharField(
        max_length=300, blank=True, help_text="Why its mails are written one by one, slowly."
    )
    let_pass = models.JSONField(
        default=dict, help_text="Checks that a person let pass, each with who, why and when."
    )
    reason_paused = models.CharField(
        max_length=300, blank=True, help_text="Of a draft: why it was held back when it was due."
    )
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        # The scheduler looks for due campaigns every second.
        indexes = [
            models.Index(
                fields=["send_at"], condition=Q(status="scheduled"), name="campaigns_to_start"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_scheduled_campaign_has_a_time",
                condition=~Q(status="scheduled") | Q(send_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_follows_says_whom_it_asks_for",
                condition=Q(follows=None, follow_rule="")
                | (Q(follows__isnull=False) & ~Q(follow_rule="")),
            ),
            models.CheckConstraint(
                name="what_has_no_record_has_a_title",
                condition=Q(mission=None, event=None, kind__in=("announcement", "press", "digest"))
                & ~Q(title="")
                | ~Q(kind__in=("announcement", "press", "digest")),
            ),
            models.CheckConstraint(
                name="a_post_is_told_by_an_announcement",
                condition=Q(post=None) | Q(kind="announcement"),
            ),
            models.CheckConstraint(
                name="an_embargo_is_on_the_clocks_of_a_place",
                condition=Q(embargo_until=None, embargo_zone="")
                | (Q(kind="press", embargo_until__isnull=False) & ~Q(embargo_zone="")),
            ),
            models.CheckConstraint(
                name="letters_have_no_alliance_and_mailings_do",
                condition=Q(kind="letter", alliance=None)
                | (~Q(kind="letter") & Q(alliance__isnull=False, audience__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.record or self.title or self.ref)

    @property
    def spread_hours(self) -> int:
        return self.spread_minutes // 60

    @property
    def record(self) -> Mission | Event | None:
        """What a mailing is about, if that is kept as a record."""
        return self.mission or self.event

    @property
    def told_by(self) -> Mission | Event | Post | Alliance:
        """Whose words its linked blocks repeat: its record's or post's, else its alliance's."""
        told_by = self.record or self.post or self.alliance
        assert told_by is not None, "letters repeat nobody's words"
        return told_by

    @property
    def is_answered(self) -> bool:
        """Whether its mails ask a question: there are answers to its record alone."""
        return self.record is not None

    @property
    def is_digest(self) -> bool:
        """Whether each reader gets of it what they have not read yet."""
        return self.kind == Campaign.Kind.DIGEST

    @property
    def is_for_press(self) -> bool:
        return self.kind == Campaign.Kind.PRESS

    @property
    def of_lanes(self) -> tuple[str, ...]:
        """The kinds of people who stand in their cluster's lane; all others in the alliance's own.

        A region knows its journalists, and answers them.
        """
        kinds = (Person.Kind.CONTACT.value,)
        return (*kinds, Person.Kind.MEDIA.value) if self.is_for_press else kinds

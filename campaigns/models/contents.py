"""What a campaign says: the editable draft, and the versions that were or will be sent."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from crm.models import User
from crm.models.history import append_only


class ContentText(models.Model):
    """The editable draft of a campaign in one language: typed blocks, rendered on the server."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    subject = models.CharField(_("subject"), max_length=200)
    preheader = models.CharField(_("preview line"), max_length=200, blank=True)
    blocks = models.JSONField(default=list)
    plain = models.TextField(blank=True)
    """The text part as a person wrote it; empty: it is derived from the blocks."""
    plain_from = models.TextField(blank=True)
    """What was derived when it was written, to tell what the blocks say otherwise since."""
    ready = models.BooleanField(_("ready to be sent"), default=True)
    version = models.PositiveIntegerField(default=0, help_text="The revision that stands here.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "language"], name="one_draft_per_language")
        ]


class ContentRevision(models.Model):
    """One state of a draft in one language: what stood there, or what somebody was writing.

    The last fifty of each language are kept. What was signed is a `ContentVersion`.
    """

    class Why(models.TextChoices):
        DRAFTED = "drafted", _("filled from the record")
        COPIED = "copied", _("taken from another campaign")
        SAVED = "saved", _("saved")
        AUTOSAVED = "autosaved", _("kept while writing, not saved")
        ASIDE = "aside", _("kept beside what somebody else had saved")
        RESTORED = "restored", _("an earlier version restored")
        TAKEN_OVER = "taken over", _("changes of the record taken over")
        REWORDED = "reworded", _("another contact's name put in")
        TEMPLATE = "template", _("filled from a template")
        TEXT_PART = "text part", _("the text part written")

    NOT_SAVED = (Why.AUTOSAVED, Why.ASIDE)
    """What stood in no text: it waits for its writer."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="revisions")
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField(help_text="The revision it was written from.")
    subject = models.CharField(max_length=200, blank=True)
    preheader = models.CharField(max_length=200, blank=True)
    blocks = models.JSONField(default=list)
    plain = models.TextField(blank=True)
    plain_from = models.TextField(blank=True)
    ready = models.BooleanField(default=False)
    why = models.CharField(max_length=10, choices=Why)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # While somebody writes, the same row is written again and again; all others stay.
        triggers = [
            pgtrigger.Protect(
                name="stays_as_it_was",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__why="autosaved"),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language", "number"], name="one_nth_revision"
            )
        ]


class LinkedContent(models.Model):
    """What a campaign's record said in one language when the draft took it over.

    A draft shows and pins this, not the record as it is at the moment: what was signed stays what
    is sent, and a record that changes is shown as a difference.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="linked")
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=300)
    lead = models.TextField()
    parts = models.JSONField(default=dict)
    """Each linked block by its kind, as `mail.records` fills it; null: nothing to say."""
    dates = models.JSONField(default=list)
    """The calendar entries that go with the mail, with their moments in UTC."""
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "language"], name="one_taken_per_language")
        ]


class ContentVersion(models.Model):
    """One state of the content as it was signed and sent. Never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="content_versions")
    n = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "n"], name="one_nth_content_version")
        ]


class VersionText(models.Model):
    """A content version in one language. Never changed."""

    version = models.ForeignKey(ContentVersion, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    second_subject = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Where two are tried."
    )
    preheader = models.CharField(max_length=200, blank=True)
    blocks = models.JSONField()
    dates = models.JSONField(default=list)
    plain = models.TextField(blank=True)

    class Meta:
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_text_per_language")
        ]

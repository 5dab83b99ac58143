"""Saying something to many people: campaigns, their lanes and the ledger."""

from campaigns.models.audiences import Audience
from campaigns.models.campaigns import Campaign
from campaigns.models.clicks import Click, Link, Visit
from campaigns.models.contents import (
    ContentRevision,
    ContentText,
    ContentVersion,
    LinkedContent,
    VersionText,
)
from campaigns.models.deliveries import (
    Attempt,
    Batch,
    BounceClass,
    Deferral,
    Delivery,
    DomainPace,
    Exclusion,
    Installation,
    Letter,
    SubscriptionStop,
    SuppressionStop,
)
from campaigns.models.digests import Digest, DigestItem
from campaigns.models.enclosures import Enclosure
from campaigns.models.faults import Fault
from campaigns.models.hooks import HookEvent
from campaigns.models.images import Image
from campaigns.models.posts import Post, PostText
from campaigns.models.probes import Probe
from campaigns.models.rehearsals import Rehearsal
from campaigns.models.releases import AudienceSnapshot, LaneText, Release, Trim
from campaigns.models.reminders import Reminder
from campaigns.models.snippets import Snippet
from campaigns.models.trials import Trial

__all__ = [
    "Attempt",
    "Audience",
    "AudienceSnapshot",
    "Batch",
    "BounceClass",
    "Campaign",
    "Click",
    "ContentRevision",
    "ContentText",
    "ContentVersion",
    "Deferral",
    "Delivery",
    "Digest",
    "DigestItem",
    "DomainPace",
    "Enclosure",
    "Exclusion",
    "Fault",
    "HookEvent",
    "Image",
    "Installation",
    "LaneText",
    "Letter",
    "Link",
    "LinkedContent",
    "Post",
    "PostText",
    "Probe",
    "Rehearsal",
    "Release",
    "Reminder",
    "Snippet",
    "SubscriptionStop",
    "SuppressionStop",
    "Trial",
    "Trim",
    "VersionText",
    "Visit",
]

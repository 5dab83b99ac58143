"""Campaigns that are about no record begin with a title, or with the post that they tell."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.actions import choosing, contents, releases, snippets
from campaigns.models import Campaign, Post, Release, Snippet
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Alliance, Purpose, Topic, User
from crm.rules.texts import LANGUAGES

LONGEST_REF = 60


def begin(
    *,
    kind: str,
    alliance: Alliance,
    title: str,
    topic: Topic | None,
    by: User | None,
    template: Snippet | None = None,
) -> Campaign:
    """A draft to be written. While one of the same title waits, that one is returned instead.

    The topic says why a follower may be written to, and what a reader leaves who unsubscribes.
    Journalists are written to without one: about press releases, for which their cluster knows
    them. `template`: what it says in place of an outline.
    """
    if kind not in Campaign.OF_NO_RECORD:
        raise TypeError(f"a {kind} begins with its record")
    title = " ".join(title.split())
    if not title:
        raise Refused(_("Give it a title."))
    if topic is None and kind == Campaign.Kind.ANNOUNCEMENT:
        raise Refused(_("Choose a topic: who follows it reads this."))
    if topic and topic.alliance_id != alliance.pk:
        raise Refused(
            _("%(topic)s is no topic of %(alliance)s.") % {"topic": topic, "alliance": alliance}
        )
    if topic and kind == Campaign.Kind.PRESS and topic.purpose != Purpose.PRESS:
        raise Refused(_("%(topic)s is no topic of press releases.") % {"topic": topic})
    _refuse_uncoordinated(alliance)
    if template:
        snippets.refuse_foreign(template, alliance, kind)
    with transaction.atomic():
        Alliance.objects.select_for_update().get(pk=alliance.pk)
        waiting = Campaign.objects.filter(
            kind=kind, alliance=alliance, title=title, topic=topic, status__in=Campaign.UNSTARTED
        ).first()
        if waiting:
            return waiting
        ref = _free_ref(kind, title)
        campaign = Campaign.objects.create(
            ref=ref,
            same_as=f"{kind}:{ref}",
            kind=kind,
            title=title[:200],
            alliance=alliance,
            topic=topic,
            purpose=topic.purpose if topic else Purpose.PRESS,
            audience=choosing.standard_audience(alliance, topic, kind),
            created_by=by,
        )
        Release.objects.create(campaign=campaign, cluster=None)
        releases.complete(campaign)
        contents.begin(campaign, _first_language(alliance, by, template), by=by)
        if template:
            contents.fill_from_template(campaign, template, by=by)
        audit.record(by=by, verb="drafted", row=campaign)
    return campaign


def tell(*, post: Post, by: User | None) -> Campaign:
    """The announcement by which a post's topic's followers get it: its texts, as a draft.

    A post is told once: while its announcement waits or was sent, that one is returned.
    """
    if not post.is_published:
        raise IllegalTransition(_("Publish the post first: the mail leads to its page."))
    _refuse_uncoordinated(post.alliance)
    title, kind, same_as = str(post), Campaign.Kind.ANNOUNCEMENT, f"post:{post.pk}"
    with transaction.atomic():
        Alliance.objects.select_for_update().get(pk=post.alliance_id)
        told = post.campaigns.filter(same_as=same_as).exclude(status=Campaign.Status.CANCELLED)
        if first := told.first():
            return first
        campaign = Campaign.objects.create(
            ref=_free_ref(kind, title),
            same_as=same_as,
            kind=kind,
            post=post,
            title=title,
            alliance=post.alliance,
            topic=post.topic,
            purpose=post.topic.purpose,
            audience=choosing.standard_audience(post.alliance, post.topic, kind),
            created_by=by,
        )
        Release.objects.create(campaign=campaign, cluster=None)
        releases.complete(campaign)
        contents.draft_from_record(campaign, by=by)
        audit.record(by=by, verb="drafted", row=campaign, detail={"post": post.pk})
    return campaign


def _refuse_uncoordinated(alliance: Alliance) -> None:
    if not Alliance.objects.filter(pk=alliance.pk).coordinated_on(timezone.localdate()).exists():
        raise Refused(
            _("%(alliance)s has no coordinating cluster today. Appoint one on the network page.")
            % {"alliance": alliance}
        )


def _free_ref(kind: str, title: str) -> str:
    """No address of another page begins with a kind."""
    ref = f"{kind}-{slugify(title)}"[:LONGEST_REF].strip("-")
    taken = set(Campaign.objects.filter(ref__startswith=ref).values_list("ref", flat=True))
    numbered = (f"{ref}-{n}" for n in range(2, len(taken) + 3))
    return next(each for each in (ref, *numbered) if each not in taken)


def _first_language(alliance: Alliance, by: User | None, template: Snippet | None) -> str:
    """What its writer reads, if the alliance writes in it, and the template is written in it."""
    own = by.language if by else ""
    known = [code for code in alliance.languages if code in LANGUAGES]
    if template:
        known = [code for code in known if code in template.texts] or [*template.texts]
    return own if own in known else (known or ["en"])[0]

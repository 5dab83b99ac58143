"""What an alliance tells everybody: written, published on its site, withdrawn."""

import datetime as dt
import re

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.actions import campaigns
from campaigns.models import Campaign, Delivery, DigestItem, Image, Post, PostText
from campaigns.rules import blocks, markup, merge, post_texts
from crm.actions import audit
from crm.actions.checks import check
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Alliance, Event, Mission, Topic, User
from crm.rules.names import fold
from crm.rules.texts import LANGUAGES

LONGEST_SLUG = 60
LONGEST_LEAD = 500
LONGEST_TEXT = 20_000  # characters; a mail that tells the post must stay under 90 KB
Record = Mission | Event | None
# What no feed may hold (XML 1.0, 2.2).
_NO_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def write(
    *,
    alliance: Alliance,
    topic: Topic,
    kind: str,
    language: str,
    title: str,
    by: User | None,
    author: str = "",
    record: Record = None,
) -> Post:
    """A new post, to be written: nobody outside sees anything of it before it is published.

    Its address is made of the first title and stays.
    """
    title = _one_line(title)
    if not title:
        raise Refused(_("Give it a title."))
    if language not in LANGUAGES:
        raise Refused(_("Choose one of the languages that readers may choose."))
    post = Post(
        alliance=alliance,
        topic=topic,
        kind=kind,
        language=language,
        author=_one_line(author),
        changed_at=timezone.now(),
        created_by=by,
    )
    _about(post, record)
    with transaction.atomic():
        Alliance.objects.select_for_update().get(pk=alliance.pk)
        post.slug = _free_slug(alliance, title)
        _check(post)
        post.save()
        text = PostText(post=post, language=language, title=title[:200], lead="", text="")
        _save(text)
        audit.record(by=by, verb="write", row=post)
    post.refresh_from_db()
    return post


def edit(
    *,
    post: Post,
    by: User | None,
    seen: int,
    topic: Topic,
    kind: str,
    author: str = "",
    record: Record = None,
) -> Post:
    """What it is, of which topic, by whom and about what. What it says is `say`'s."""
    with transaction.atomic():
        row = _held(post)
        if row.version != seen:
            raise _stale(row)
        row.topic, row.kind, row.author = topic, kind, _one_line(author)
        _about(row, record)
        _check(row)
        _changed(row)
        audit.record(by=by, verb="edit", row=row)
    row.refresh_from_db()
    return row


def say(
    *,
    post: Post,
    language: str,
    title: str,
    lead: str,
    text: str,
    ready: bool,
    seen: int = 0,
    by: User | None,
) -> PostText:
    """Write it in one language. Of a published post, readers see it at once if it is ready.

    `seen` is the version that the writer began from, 0 where nothing was written. Raises Stale
    where somebody else wrote meanwhile.
    """
    if language not in LANGUAGES:
        raise Refused(_("Choose one of the languages that readers may choose."))
    title, lead = _one_line(title), _one_line(lead)
    text = _NO_SIGNS.sub("", text.replace("\r\n", "\n")).strip()
    _check_words(title, lead, text, ready=ready)
    _check_pictures(post, text)
    with transaction.atomic():
        held = _held(post)
        row = held.texts.filter(language=language).first()
        if (row.version if row else 0) != seen:
            raise _stale(held)
        row = row or PostText(post=held, language=language, version=0)
        if not ready:
            _refuse_the_last(held, language)
        row.title, row.lead, row.text, row.ready = title, lead, text, ready
        row.version = seen + 1
        _save(row)
        _changed(held)
        audit.record(by=by, verb="say", row=held, detail={"language": language})
    return row


def publish(*, post: Post, by: User | None, at: dt.datetime | None = None) -> None:
    """Put it on the site, where everybody reads it. Twice is as once.

    One that was withdrawn comes back under its old day and address. `at`: when it truly was, of
    what is entered later.
    """
    with transaction.atomic():
        row = _held(post)
        if row.is_published:
            return
        if not row.texts.filter(ready=True).exists():
            raise Refused(_("No language is ready. Write it in one, and tick that it is ready."))
        if not Alliance.objects.public().filter(pk=row.alliance_id).exists():
            raise Refused(
                _("%(alliance)s has no site: none of its topics is open to everybody.")
                % {"alliance": row.alliance}
            )
        _check(row)
        row.status = Post.Status.PUBLISHED
        row.published_at = Coalesce(F("published_at"), at or Now())
        _changed(row)
        audit.record(by=by, verb="publish", row=row)
    post.refresh_from_db()


def withdraw(*, post: Post, by: User | None) -> None:
    """Take it off the site, the feed and the search.

    Mails that left stay where they are; what has not left of its announcement is held. A digest
    that waits and tells it does not leave: its other posts come with the next one.
    """
    with transaction.atomic():
        row = _held(post)
        if row.status == Post.Status.WITHDRAWN:
            return
        if not row.is_published:
            raise IllegalTransition(_("This post is not published, so nobody sees it."))
        row.status = Post.Status.WITHDRAWN
        _changed(row)
        for campaign in row.campaigns.filter(status=Campaign.Status.SCHEDULED):
            campaigns.unschedule(campaign=campaign, by=by)
        for campaign in row.campaigns.filter(status=Campaign.Status.SENDING):
            campaigns.pause(campaign=campaign, by=by, reason=_("Its post was withdrawn."))
        telling = DigestItem.objects.filter(post=row, delivery__isnull=False)
        Delivery.objects.filter(
            pk__in=[*telling.values_list("delivery", flat=True)], state=Delivery.State.PENDING
        ).update(state=Delivery.State.CANCELLED, settled_at=Now())
        audit.record(by=by, verb="withdraw", row=row)
    post.refresh_from_db()


def _held(post: Post) -> Post:
    held = Post.objects.select_for_update(of=("self",)).select_related("alliance", "topic")
    return held.get(pk=post.pk)


def _changed(row: Post) -> None:
    row.version += 1
    row.changed_at = Now()
    row.save()


def _save(text: PostText) -> None:
    text.folded = fold(f"{text.title} {text.lead} {_plain(text.text)}")
    text.save()


def _one_line(text: str) -> str:
    return " ".join(_NO_SIGNS.sub(" ", text).split())


def _plain(text: str) -> str:
    shown = " ".join(picture.alt for picture in post_texts.pictures(text))
    return f"{_words(post_texts.words(text))} {shown}".strip()


def _words(text: str) -> str:
    return " ".join(markup.plain(line) for part in markup.parse(text) for line in part.lines)


def _about(post: Post, record: Record) -> None:
    post.mission = record if isinstance(record, Mission) else None
    post.event = record if isinstance(record, Event) else None


def _free_slug(alliance: Alliance, title: str) -> str:
    slug = slugify(title)[:LONGEST_SLUG].strip("-") or "post"
    taken = set(
        Post.objects.filter(alliance=alliance, slug__startswith=slug).values_list("slug", flat=True)
    )
    numbered = (f"{slug}-{n}" for n in range(2, len(taken) + 3))
    return next(each for each in (slug, *numbered) if each not in taken)


def _check(post: Post) -> None:
    check(post)
    names = {"topic": post.topic, "alliance": post.alliance}
    if post.topic.alliance_id != post.alliance_id:
        raise Refused(_("%(topic)s is no topic of %(alliance)s.") % names)
    if not post.topic.public:
        raise Refused(
            _("“%(topic)s” is offered to nobody on the site. Choose a topic that one may follow.")
            % names
        )
    record = post.record
    if record and not record.alliances.filter(pk=post.alliance_id).exists():
        raise Refused(_("“%(record)s” is none of %(alliance)s.") % {**names, "record": record})


def _check_words(title: str, lead: str, text: str, *, ready: bool) -> None:
    if not title or len(title) > 200:
        raise Refused(_("Give it a title of at most 200 characters."))
    if len(lead) > LONGEST_LEAD:
        raise Refused(_("Keep the summary under %(n)s characters.") % {"n": LONGEST_LEAD})
    if len(text) > LONGEST_TEXT:
        raise Refused(_("Keep the text under %(n)s characters.") % {"n": LONGEST_TEXT})
    if ready and not (lead and text):
        raise Refused(_("Write a summary and a text before it is ready."))
    if merge.SLOT.search(f"{title} {lead} {text}"):
        raise Refused(_("Everybody reads the same here: words in braces are filled in mails only."))
    for address in markup.targets(post_texts.words(text)):
        if not blocks.host_of(address):
            raise Refused(
                _("A link leads to “%(address)s”. Write a whole address that begins with https://.")
                % {"address": address[:80]}
            )


def _check_pictures(post: Post, text: str) -> None:
    shown = post_texts.pictures(text)
    if not all(picture.alt for picture in shown):
        raise Refused(_("Say in words what each picture shows, for who does not see it."))
    names = {picture.name for picture in shown}
    kept = Image.objects.filter(
        alliance=post.alliance_id, sha256__in=[name.partition(".")[0] for name in names]
    )
    if names - {image.name for image in kept}:
        raise Refused(_("A picture of this text is not kept here. Choose its file again."))


def _refuse_the_last(post: Post, language: str) -> None:
    """What stands on the site can be read in some language."""
    others = post.texts.filter(ready=True).exclude(language=language)
    if post.is_published and not others.exists():
        raise Refused(_("This is its last language. Withdraw the post to take it off the site."))


def _stale(post: Post) -> Stale:
    return Stale(
        _("Somebody else changed “%s” meanwhile. Copy your words, then open it anew.") % post
    )

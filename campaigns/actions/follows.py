"""Following an alliance: asked on a form, confirmed from the mailbox, and only then it holds.

Whoever enters an address may not be its owner. So the form answers everybody alike and in the same
time: it writes one row and nothing else. A worker decides whether a mail is written, and a mailbox
is asked at most once in `ONCE_IN`, however often and by whomever it is entered.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.actions import letters
from campaigns.mail import links
from crm.actions import addresses, consent, people, preferences, wordings
from crm.actions.errors import Refused
from crm.actions.reasons import translated
from crm.models import (
    Address,
    AddressChange,
    Alliance,
    Cluster,
    Follow,
    Participation,
    Person,
    Subscription,
    Suppression,
    Topic,
)
from crm.models.follows import KEPT, FollowQuerySet
from crm.models.texts import in_language
from crm.rules.addresses import InvalidAddress, keyed, normalise
from crm.rules.locks import FOLLOWING

KIND = "follows"
ONCE_IN = dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)
NOTHING_CHOSEN = gettext_lazy("Choose at least one topic, or close this page: then nothing comes.")
AT_ONCE = 100
"""So many are looked at in one tick."""


class TooMany(Refused):
    """From one place came too many requests in an hour."""


def ask(
    *,
    alliance: Alliance,
    email: str,
    topics: Sequence[Topic],
    cluster: Cluster | None,
    language: str,
    wording: str,
    network: str,
    markets: Sequence[str] = (),
    shown_in: str = "",
    frequency: str = "",
) -> Follow:
    """Write down that somebody asked. Whether the address is known changes nothing here.

    `language` is that of the mails, `shown_in` that of the words, where it is another.

    Raises Refused where it is no address or no topic was chosen, and TooMany.
    """
    try:
        normal = normalise(email)
    except InvalidAddress as problem:
        raise Refused(translated(str(problem))) from problem
    if not topics:
        raise Refused(_("Choose at least one topic."))
    now = timezone.now()
    lately = Follow.objects.filter(network=network, asked_at__gt=now - HOUR)
    if network and lately[: settings.FOLLOWS_PER_NETWORK].count() >= settings.FOLLOWS_PER_NETWORK:
        raise TooMany(
            _(
                "Many requests came from your network within the hour. "
                "Please try again in an hour; what you entered is kept on this page."
            )
        )
    return Follow.objects.create(
        email=normal.written,
        hmac=keyed(normal.key, settings.ADDRESS_KEY),
        domain=normal.domain,
        alliance=alliance,
        cluster=cluster or topics[0].controller,
        topics=[topic.pk for topic in topics],
        markets=list(markets),
        frequency=frequency,
        language=language,
        wording=wording,
        shown_in=shown_in or language,
        network=network,
        asked_at=now,
    )


def clusters_of(alliance: Alliance) -> Iterable[Cluster]:
    """The clusters that take part today, from whose region a follower may be."""
    today = Participation.objects.valid_on(timezone.localdate()).filter(alliance=alliance)
    return (
        Cluster.objects.filter(pk__in=today.values("cluster"))
        .select_related("region")
        .order_by("name")
    )


def responsible(alliance: Alliance) -> Cluster | None:
    """Who answers for the form: the cluster that coordinates today."""
    today = Participation.objects.valid_on(timezone.localdate())
    leading = today.filter(alliance=alliance, role=Participation.Role.COORDINATOR)
    found = leading.select_related("cluster").first()
    return found.cluster if found else None


def is_due() -> bool:
    return Follow.objects.filter(state=Follow.State.WAITING).exists()


def write_due() -> int:
    """Ask the mailboxes that wait for it, one process at a time. Returns how many were asked."""
    waiting = Follow.objects.filter(state=Follow.State.WAITING).order_by("pk")
    waiting = waiting.exclude(domain__in=_served())  # or they would stand before all others
    written = 0
    with transaction.atomic():
        if not _alone():
            return 0
        for follow in waiting[:AT_ONCE]:
            if _is_left_alone(follow):
                Follow.objects.filter(pk=follow.pk).update(state=Follow.State.SILENT)
            elif _may_be_mailed(follow):
                _write(follow)
                written += 1
    return written


def _alone() -> bool:
    """Whether no other process asks at this moment: it could not see whom this one asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLLOWING])
        return bool(cursor.fetchone() == (True,))


def ask_again() -> int:
    """Let requests wait again that came on the day of a mail which was confirmed; how many.

    Whoever confirmed and asks for more reads a mailbox of their own. Nobody else's request is
    looked at again: a stranger's mailbox would be asked day after day for one evening's entries.
    """
    mails = Follow.objects.filter(hmac=OuterRef("hmac"), mailed_at__isnull=False)
    last = mails.order_by("-mailed_at")
    silent = Follow.objects.open().filter(state=Follow.State.SILENT)
    told = silent.alias(
        mailed=Subquery(last.values("mailed_at")[:1]),
        confirmed=Subquery(last.values("confirmed_at")[:1]),
    )
    return told.filter(
        mailed__lte=timezone.now() - ONCE_IN, confirmed__isnull=False, asked_at__gt=F("mailed")
    ).update(state=Follow.State.WAITING)


def forget() -> int:
    """Requests that nobody confirmed go, and confirmed ones, whose proof stands elsewhere."""
    gone, _each = Follow.objects.filter(asked_at__lte=timezone.now() - KEPT).delete()
    return gone


def _is_left_alone(follow: Follow) -> bool:
    """Whether the mailbox was asked already, cannot be reached, or said that our mail is spam."""
    asked = Follow.objects.filter(hmac=follow.hmac, mailed_at__gt=timezone.now() - ONCE_IN)
    moved = AddressChange.objects.filter(hmac=follow.hmac, mailed_at__gt=timezone.now() - ONCE_IN)
    if asked.exists() or moved.exists():
        return True
    address = Address.objects.filter(hmac=follow.hmac).first()
    if address is None:
        return False
    complained = Suppression.objects.standing().filter(
        address=address, reason=Suppression.Reason.COMPLAINT
    )
    return bool(address.undeliverable_at or address.erased_at) or complained.exists()


def _may_be_mailed(follow: Follow) -> bool:
    """Nobody's server gets more than its share; what is over waits for its turn."""
    lately = _lately().filter(domain=follow.domain)
    return lately[: settings.FOLLOWS_PER_DOMAIN].count() < settings.FOLLOWS_PER_DOMAIN


def _served() -> list[str]:
    """The domains that had their share."""
    counted = _lately().values_list("domain").annotate(n=Count("pk"))
    return [domain for domain, n in counted if n >= settings.FOLLOWS_PER_DOMAIN]


def _lately() -> FollowQuerySet:
    """Requests whose mailboxes were asked within the hour."""
    return Follow.objects.filter(mailed_at__gt=timezone.now() - HOUR, state=Follow.State.MAILED)


def _write(follow: Follow) -> None:
    alliance = follow.alliance.name
    with translation.override(follow.language):
        subject = _("Please confirm: mails from %(alliance)s") % {"alliance": alliance}
        before, *after = (
            _("Somebody, probably you, asked that %(alliance)s writes to this address about:")
            % {"alliance": alliance},
            _("Mails follow only if you confirm it. The link opens a page with a button."),
            _(
                "If it was not you, do nothing: nothing else comes, and the request is deleted "
                "after two weeks."
            ),
        )
        label = _("Look at it and confirm")
        asked_with = wordings.keep(
            slug=f"follow-mail-{follow.alliance.slug}",
            language=follow.language,
            text="\n\n".join([subject, before, "– …", *after, label]),
        )
        names = names_of(topics_of(follow), follow.language)
        delivery = letters.tell(
            to=follow.email,
            subject=subject,
            paragraphs=[before, "\n".join(f"– {name}" for name in names), *after],
            link=(label, confirming(follow)),
            sender="\n".join([follow.cluster.name, *follow.cluster.postal_lines]),
            kind=KIND,
            language=follow.language,
        )
    Follow.objects.filter(pk=follow.pk).update(
        state=Follow.State.MAILED,
        mailed_at=timezone.now(),
        message=links.message_name(delivery.pk),
        asked_with=asked_with,
    )


def confirming(follow: Follow) -> str:
    """The address of the page on which a request is confirmed."""
    return links.absolute(reverse("campaigns:follows-confirm", args=[links.following(follow.pk)]))


def words_on_page(follow: Follow) -> str:
    """What stands around the button that confirms, in the request's language, without the address.

    The page says the same (`follows/confirm.html`).
    """
    with translation.override(follow.language):
        nothing_yet = _(
            "Mails to %(email)s about what is ticked. Nothing happens until you press the button."
        ) % {"email": "…"}
        return "\n".join([nothing_yet, follow.wording, _("Yes, I follow")])


def named_by(token: str) -> Follow | None:
    """The request of a link, confirmed or not, while it is kept; None for an altered link, too."""
    try:
        pk = links.read_following(token)
    except links.InvalidLink:
        return None
    kept = Follow.objects.filter(asked_at__gt=timezone.now() - KEPT)
    return kept.select_related("alliance", "cluster").filter(pk=pk).first()


def topics_of(follow: Follow) -> list[Topic]:
    """What one request asks for, of what can still be had."""
    return _had(follow.topics)


def others_of(follow: Follow) -> list[Topic]:
    """What else was asked for from the same mailbox, by whomever."""
    return _had(set(_asked(follow)) - set(follow.topics))


def _asked(follow: Follow) -> dict[int, Follow]:
    """Each topic that was asked for from the mailbox, with the latest request for it."""
    open_ = Follow.objects.beside(follow).select_related("cluster").order_by("pk")
    return {pk: each for each in (*open_, follow) for pk in each.topics}


def _had(ids: Iterable[int]) -> list[Topic]:
    return list(Topic.objects.public().filter(pk__in=ids).select_related("alliance").order_by("pk"))


def names_of(topics: Iterable[Topic], language: str) -> list[str]:
    return [in_language(topic.names, (language, "en")) for topic in topics]


def confirm(*, follow: Follow, topics: Sequence[Topic], network: str) -> Address:
    """The owner of the mailbox wants these topics of all that was asked for. Repeatable.

    Raises Refused where none is chosen, or the address was erased meanwhile.
    """
    if not topics:
        raise Refused(str(NOTHING_CHOSEN))
    with transaction.atomic():
        # Two clicks at once make one person.
        before = Follow.objects.select_for_update().get(pk=follow.pk).confirmed_at
        address = addresses.find_or_create(follow.email)
        asked = _asked(follow)
        for topic in topics:
            request = asked.get(topic.pk)
            if request is None or (before and _is_followed(topic, address)):
                continue  # confirmed by a click just before
            person = _person(request, address)
            word = consent.Word(
                wording=words_on_page(follow),
                language=follow.language,
                source="follow form",
                network=network,
                message=follow.message,
                place=f"follow-page-{follow.alliance.slug}",
                asked_with=follow.asked_with,
            )
            consent.opt_in(
                person=person, address=address, topic=topic, word=word, request=request,
                beside=[each.pk for each in topics],
            )  # fmt: skip
        if not before:
            _read_in(follow.language, address)
        Follow.objects.beside(follow).update(confirmed_at=timezone.now())
    return address


def _read_in(language: str, address: Address) -> None:
    """The language that was asked for is that of all that comes to the mailbox: one reader."""
    for person in preferences.Preferences(address).people:
        if person.language != language:
            people.edit(person=person, by=None, version=person.version, language=language)


def _is_followed(topic: Topic, address: Address) -> bool:
    theirs = Subscription.objects.filter(person__addresses__address=address, topic=topic)
    return theirs.filter(state=Subscription.State.ACTIVE).exists()


def _person(follow: Follow, address: Address) -> Person:
    """Whose mails of the cluster come to this mailbox; a new follower where nobody's do."""
    known = Person.objects.current().filter(
        cluster=follow.cluster_id, addresses__address=address, addresses__is_primary=True
    )
    return known.order_by("pk").first() or people.create(
        cluster=follow.cluster,
        by=None,
        kind=Person.Kind.FOLLOWER,
        email=follow.email,
        language=follow.language,
        allow_shared=True,  # with somebody who was archived
        own_word=True,
    )

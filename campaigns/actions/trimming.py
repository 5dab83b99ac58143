"""Whom a region takes out of its own lane, brings back, or adds. No other lane sees or feels it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.actions import releases
from campaigns.models import Release, Trim
from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Person, User
from crm.models.people import PersonQuerySet


def take_out(*, release: Release, people: PersonQuerySet, by: User, reason: str = "") -> int:
    """Give these people of the lane's own cluster no copy. Returns of how many that is new.

    The lane then waits for its signature again.
    """
    if len(reason) > 200:
        raise Refused(_("Keep the reason under 200 characters."))
    with transaction.atomic():
        _hold(release)
        own = people.filter(cluster=release.cluster_id, kind__in=release.campaign.of_lanes)
        asked = list(own.order_by("pk").values_list("pk", flat=True))
        if not asked:
            raise Refused(_("None of them is in the lane of %(lane)s.") % {"lane": release.name})
        changed = _say(release, asked, added=False, by=by, reason=reason)
        if not changed:
            raise Refused(_("They were taken out already."))
        _ask_again(release, changed, by=by, verb="took out")
    return changed


def add(*, release: Release, people: PersonQuerySet, by: User, reason: str = "") -> int:
    """Ask for these people of the lane's own cluster, too. Returns of how many that is new.

    They are judged as everybody else: whoever left, or may not be written to, gets nothing. The
    lane then waits for its signature again.
    """
    if len(reason) > 200:
        raise Refused(_("Keep the reason under 200 characters."))
    if release.campaign.follows_id:
        raise Refused(_("It goes to readers of the one it follows; nobody can be added."))
    with transaction.atomic():
        _hold(release)
        own = people.filter(cluster=release.cluster_id, kind__in=release.campaign.of_lanes)
        asked = list(own.order_by("pk").values_list("pk", flat=True))
        if not asked:
            raise Refused(
                _("None of them can stand in the lane of %(lane)s.") % {"lane": release.name}
            )
        changed = _say(release, asked, added=True, by=by, reason=reason)
        if not changed:
            raise Refused(_("They were added already."))
        _ask_again(release, changed, by=by, verb="added")
    return changed


def bring_back(*, release: Release, people: PersonQuerySet, by: User) -> int:
    """Let these people get their copy after all. Returns how many had been taken out."""
    with transaction.atomic():
        _hold(release)
        own = people.filter(cluster=release.cluster_id)
        changed, _each = release.trims.taken_out().filter(_about(own)).delete()
        if not changed:
            raise Refused(_("None of them was taken out."))
        _ask_again(release, changed, by=by, verb="brought back")
    return changed


def _say(release: Release, people: list[int], *, added: bool, by: User, reason: str) -> int:
    """The region's latest word about a person counts. Returns of how many it is another one."""
    word: dict[str, Any] = {"added": added, "reason": reason.strip(), "by": by}
    said: dict[int, set[bool]] = {pk: set() for pk in people}
    rows = release.trims.filter(_about(people))
    for pk, kept, before in rows.values_list("person", "person__merged_into", "added"):
        said[pk if pk in said or kept is None else kept].add(before)
    rows.filter(added=not added).update(at=Now(), **word)
    Trim.objects.bulk_create(
        Trim(release=release, person_id=pk, **word) for pk, words in said.items() if not words
    )
    return sum(words != {added} for words in said.values())


def _about(people: Iterable[int] | PersonQuerySet) -> Q:
    """A record that was merged since left its word to the one that was kept."""
    return Q(person__in=people) | Q(person__in=Person.objects.filter(merged_into__in=people))


def _hold(release: Release) -> None:
    if release.cluster_id is None:
        raise Refused(_("Only a region takes people out, and only out of its own lane."))
    releases.held(release.campaign)
    releases.check_open(
        release, _("This lane is already being sent; who gets it no longer changes.")
    )


def _ask_again(release: Release, changed: int, *, by: User, verb: str) -> None:
    Release.objects.filter(pk=release.pk).ask_again(Release.Why.TRIMS)
    audit.record(by=by, verb=verb, row=release, cluster=release.cluster, count=changed)
    release.refresh_from_db()

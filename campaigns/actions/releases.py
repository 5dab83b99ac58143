"""A lane's sign-off: release, hold, decline. A late lane neither blocks nor leaks the others."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import contents
from campaigns.models import Campaign, LaneText, Release
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import User

S = Release.Status
OPEN = (S.WAITING, S.HELD, S.RELEASED)


def _decide(release: Release, status: str, *, by: User | None, note: str, **fields: object) -> None:
    changed = Release.objects.filter(pk=release.pk, status__in=OPEN, frozen_at=None).update(
        status=status, decided_by=by, decided_at=timezone.now(), note=note, **fields
    )
    if changed != 1:
        raise IllegalTransition(
            _("The lane of %(lane)s has already started. Nothing was changed.")
            % {"lane": release.name}
        )
    release.refresh_from_db()
    audit.record(by=by, verb=status, row=release, cluster=release.cluster, detail={"note": note})


def release(*, release: Release, by: User | None, note: str = "") -> None:
    """Sign a lane for what the content says now. Twice is once.

    After the campaign's first start every lane signs the version that is being sent.
    """
    campaign = release.campaign
    with transaction.atomic():
        version = campaign.content_version or contents.pin(campaign)
        if release.status == S.RELEASED and release.signed_version_id == version.pk:
            return
        _decide(release, S.RELEASED, by=by, note=note, signed_version=version)
        # All lanes say the same: who signed an earlier text has not signed this one.
        campaign.releases.filter(status=S.RELEASED, frozen_at=None).exclude(
            signed_version=version
        ).update(status=S.WAITING, signed_version=None)


def release_all(*, campaign: Campaign, by: User | None, note: str = "") -> int:
    """Sign every lane that still waits; held and declined ones stay as their region left them."""
    waiting = list(campaign.releases.filter(status=S.WAITING).select_related("cluster"))
    with transaction.atomic():
        for lane in waiting:
            release(release=lane, by=by, note=note)
    return len(waiting)


def hold(*, release: Release, by: User, note: str) -> None:
    """Stop a lane until its region signs; the others go on."""
    _decide(release, S.HELD, by=by, note=note, signed_version=None)


def decline(*, release: Release, by: User, note: str) -> None:
    """This region does not take part; its readers stay its own and get no copy elsewhere."""
    _decide(release, S.DECLINED, by=by, note=note, signed_version=None)


def introduce(*, release: Release, by: User, texts: dict[str, str]) -> None:
    """Write the region's own introduction; the lane then waits for its signature again."""
    if release.frozen_at or release.freeze_began_at:
        raise IllegalTransition(_("This lane is already being sent; its introduction is fixed."))
    if any(len(text) > 4000 for text in texts.values()):
        raise Refused(_("Keep the introduction under 4,000 characters."))
    with transaction.atomic():
        before = {row.language: row.text for row in release.texts.all()}
        after = {language: text.strip() for language, text in texts.items() if text.strip()}
        if before == after:
            return
        release.texts.all().delete()
        LaneText.objects.bulk_create(
            LaneText(release=release, language=language, text=text)
            for language, text in after.items()
        )
        Release.objects.filter(pk=release.pk, status=S.RELEASED).update(
            status=S.WAITING, signed_version=None
        )
        audit.record(by=by, verb="introduced", row=release, cluster=release.cluster)
    release.refresh_from_db()

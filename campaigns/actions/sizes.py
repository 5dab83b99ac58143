"""How long a mail may be: programs cut long ones, unless a person knows and lets it pass."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.findings import Finding, Level
from campaigns.models import Campaign
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import User
from crm.models.codes import language_name

LARGEST = 90 * 1024  # bytes of HTML
CUT_AT = 102 * 1024  # where Gmail cuts a mail, footer and all


def finding(campaign: Campaign, language: str, size: int) -> Finding:
    """What there is to say of the longest mail."""
    words = {"language": language_name(language), "kb": -(-size // 1024)}
    if size <= LARGEST:
        return Finding(Level.OK, _("The longest mail is %(kb)s KB.") % words)
    passed = campaign.let_pass.get("size")
    if size <= CUT_AT:
        said = _(
            "The mail in %(language)s is %(kb)s KB; mail programs cut off long mails. "
            "Keep it under 90 KB."
        )
        return Finding(Level.WARN, said % words, "text", language)
    if passed and size <= passed["bytes"]:
        said = _("The mail in %(language)s is %(kb)s KB. %(who)s lets it pass: %(why)s")
        return Finding(Level.WARN, said % {**words, **passed}, "text", language)
    said = _(
        "The mail in %(language)s is %(kb)s KB: Gmail cuts it at 102, with the way to unsubscribe."
    )
    return Finding(Level.BLOCK, said % words, "size", language)


def let_pass(*, campaign: Campaign, by: User, why: str, size: int) -> None:
    """Send mails as long as they are now, although programs cut them."""
    why = " ".join(why.split())
    if not why:
        raise Refused(_("Say why it is sent all the same."))
    with transaction.atomic():
        held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if held.status not in Campaign.UNSTARTED:
            raise IllegalTransition(_("This campaign has started; its mails are what they are."))
        passed = {"who": str(by), "why": why, "at": timezone.now().isoformat(), "bytes": size}
        Campaign.objects.filter(pk=held.pk).update(let_pass={**held.let_pass, "size": passed})
        audit.record(by=by, verb="let pass", row=held, detail={"check": "size", "why": why})
    campaign.refresh_from_db()

"""How duplicates are said."""

from django import template
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.models.duplicates import COUNTED

register = template.Library()

REASONS = {
    "name": _("same name"),
    "like_name": _("similar name"),
    "mailbox": _("same mailbox"),
    "like_mailbox": _("similar mailbox"),
    "phone": _("same phone number"),
    "organisation": _("same organisation"),
    "domain": _("same website"),
    "city": _("same city"),
}


@register.filter
def reason_name(code: str) -> str:
    """Why two records look like one, in a word or two."""
    return str(REASONS.get(code, code))


@register.filter
def pairs(n: int) -> str:
    """So many pairs, in words."""
    if n > COUNTED:
        return gettext("more than %(n)s pairs") % {"n": COUNTED}
    return ngettext("%(n)s pair", "%(n)s pairs", n) % {"n": n}


@register.filter
def at_most(n: int) -> str:
    """So many pairs, beside their name."""
    return f"{COUNTED}+" if n > COUNTED else str(n)

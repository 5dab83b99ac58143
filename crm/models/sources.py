"""Where a word on consent came from, where Liaison itself wrote that down."""

from django.utils.translation import gettext_lazy as _

OURS = {
    "entered by the cluster": _("entered by the cluster"),
    "preference page": _("preference page"),
    "follow form": _("follow form"),
    "unsubscribe page": _("unsubscribe page"),
    "one-click": _("unsubscribed by the mail program"),
    "mail server": _("mail server"),
    "mailbox": _("a mail to our mailbox"),
    "list of people": _("list of people"),
    "list of people, leaving undone": _("list of people, leaving undone"),
    "a merge that was undone": _("a merge that was undone"),
    "put on the press list": _("put on the press list"),
}
"""By what is kept. All others are a cluster's own words, or a provider's name."""


def source_said(source: str) -> str:
    """A source in the language of the page; a cluster's own words as they stand."""
    return str(OURS.get(source, source))

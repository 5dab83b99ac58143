"""What readers say to a call or an invitation, in their own words: in mails and on pages alike."""

from django.utils.translation import gettext_lazy as _

from crm.models import Answer

READERS_WORDS = {
    Answer.Value.INTERESTED: _("I am interested"),
    Answer.Value.NOT_NOW: _("Not now"),
    Answer.Value.COLLEAGUE: _("Ask my colleague"),
    Answer.Value.DECLINED: _("No, thank you"),
    Answer.Value.COMING: _("I am coming"),
    Answer.Value.MAYBE: _("Maybe"),
    Answer.Value.NOT_COMING: _("I am not coming"),
}

"""The word that a copy of the database is the one to go on with."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """What is known about the time after the copy was made; nothing is chosen beforehand."""

    UNSURE, NOTHING = "unsure", "nothing"

    since = forms.ChoiceField(
        label=_("After this copy was made"),
        choices=[
            (UNSURE, _("mails may have left: set aside what waited, nobody is written to twice")),
            (NOTHING, _("surely nothing left: all of it goes on")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what is known.")},
    )
    alone = forms.BooleanField(
        label=_("No other copy of this database sends."),
        error_messages={"required": _("Make sure of it first: stop the other copy's workers.")},
    )

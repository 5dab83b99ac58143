"""Whether it may be kept which links a reader follows."""

from django import forms
from django.utils.translation import gettext_lazy as _

WORDING = _(
    "With a yes, whoever writes to me may keep which links in their mails I follow, to write "
    "about what interests me. I can take it back at any time; then it is forgotten."
)
"""What is agreed to by a yes; kept with the proof as it stood there."""


class ClicksForm(forms.Form):
    clicks = forms.ChoiceField(
        label=_("May it be kept which links in mails you follow?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        help_text=WORDING,
    )

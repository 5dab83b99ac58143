"""Writing a note."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.actions.notes import LONGEST


class NoteForm(forms.Form):
    """What a cluster writes down for itself."""

    text = forms.CharField(label=_("Note"), max_length=LONGEST, widget=forms.Textarea({"rows": 3}))

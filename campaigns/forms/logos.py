"""An alliance's logo."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Alliance


class LogoForm(forms.Form):
    """A file, and what stands in its place."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "A JPEG, PNG, GIF or WebP file. It is shown up to 200 pixels wide and 44 high, on "
            "white, so that it can be seen in the dark, too."
        ),
        widget=forms.FileInput(
            {"accept": "image/jpeg,image/png,image/gif,image/webp", "class": "drop"}
        ),
    )
    says = forms.CharField(
        label=_("What it says"),
        max_length=120,
        help_text=_(
            "Stands in its place where pictures are off, and is read out: mostly the name."
        ),
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["says"].initial = alliance.logo_says or alliance.name
        self.fields["upload"].required = not alliance.logo

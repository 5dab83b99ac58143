"""Forms that exist only to be looked at: the style page shows one of each kind of field."""

from django import forms


class StyleForm(forms.Form):
    """Every kind of field; the address is wrong on purpose."""

    name = forms.CharField(label="Legal name", help_text="As in the register, with its legal form.")
    email = forms.EmailField(label="Address", help_text="The work address.")
    kind = forms.ChoiceField(
        label="Kind", choices=[("company", "Company"), ("research", "Research centre")]
    )
    since = forms.DateField(
        label="Member since", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    public = forms.BooleanField(
        label="Show a public profile",
        required=False,
        help_text="Nothing is shown before you release the text.",
    )
    areas = forms.MultipleChoiceField(
        label="Fields",
        required=False,
        choices=[("oncology", "Oncology"), ("diagnostics", "Diagnostics")],
        widget=forms.CheckboxSelectMultiple,
    )
    rhythm = forms.ChoiceField(
        label="How often",
        choices=[("each", "Each post"), ("weekly", "One letter a week")],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(label="Reference", disabled=True, required=False)


class StyleFilterForm(forms.Form):
    """Two filters of a list."""

    category = forms.ChoiceField(
        label="Category", required=False, choices=[("", "All"), ("sme", "SME")]
    )
    market = forms.ChoiceField(
        label="Market", required=False, choices=[("", "All"), ("jp", "Japan")]
    )


class StyleConfirmForm(forms.Form):
    """The count that is typed before a large send."""

    count = forms.IntegerField(label="Number of readers", help_text="Type 1412.")

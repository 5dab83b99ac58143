"""Forms of a campaign's steps: trying again what failed, going on after the breaker,
letting pass what a check would stop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.actions.retrying import RETRIABLE, Why

WORDS = {
    Why.EXPIRED: _("tried for three days without an answer"),
    Why.REFUSED: _("refused for what we are or send (5.7)"),
    Why.UNWRITTEN: _("could not be written"),
    Why.OTHER: _("refused for another reason"),
    Why.MAILBOX: _("the mailbox does not exist or takes no mail"),
}


class LetPassForm(forms.Form):
    """Why something that a check would stop is sent all the same."""

    why = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Everybody who looks at the checks reads it.")
    )


class RetryForm(forms.Form):
    """Which of the failed are tried again."""

    reasons = forms.MultipleChoiceField(
        label=_("Which to try again"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one reason.")},
    )

    def __init__(self, *args: Any, counts: dict[Why, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reasons"]
        field.choices = [
            (
                why.value,
                ngettext("%(why)s: %(n)s mail", "%(why)s: %(n)s mails", counts[why])
                % {"why": WORDS[why], "n": counts[why]},
            )
            for why in RETRIABLE
            if counts.get(why)
        ]

    @property
    def chosen(self) -> list[Why]:
        return [Why(value) for value in self.cleaned_data["reasons"]]


class ResumeForm(forms.Form):
    """Going on: somebody says that the breaker's cause is mended, and has seen what stands."""

    mended = forms.BooleanField(
        label=_("I looked at the cause, and it is mended."),
        error_messages={"required": _("Tick this once the cause is mended.")},
    )
    all_the_same = forms.BooleanField(
        label=_("I have read what stands against it. The rest leaves all the same."),
        error_messages={"required": _("Mend it, or tick that the rest leaves all the same.")},
    )

    def __init__(self, *args: Any, tripped: bool, blocked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, asked in (("mended", tripped), ("all_the_same", blocked)):
            if not asked:
                del self.fields[name]

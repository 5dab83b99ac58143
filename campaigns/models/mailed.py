"""What an audience can ask of people about the mails they got, beside the questions of the list.

Each is an uncorrelated `id IN (SELECT …)` like its neighbours in `crm.models.questions.people`.
What a cluster's people got and did is told inside the cluster alone. Letters, like a confirmation
that somebody asked for, are nothing that one was written to about.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaigns import Campaign
from campaigns.models.deliveries import BOUNCED, BounceClass, Delivery, Exclusion
from crm.models import Answer
from crm.models.questions import Asker, Question
from crm.models.questions.question import any_of, as_day
from crm.rules.conditions import InvalidCondition

S = Delivery.State

OUTCOMES = {
    "got": _("got it"),
    "left-out": _("was left out"),
    "failed": _("it failed"),
    "undecided": _("undecided"),
}


def _mailings(refs: list[str] | None = None) -> Q:
    mailings = Campaign.objects.exclude(kind=Campaign.Kind.LETTER)
    if refs is not None:
        mailings = mailings.filter(ref__in=refs)
    return Q(campaign__in=mailings.order_by().values("pk"))


def _deliveries(refs: list[str] | None = None) -> QuerySet[Delivery]:
    """Of these campaigns, or of all."""
    return Delivery.objects.filter(_mailings(refs), person__isnull=False)


def _people(rows: "QuerySet[Delivery] | QuerySet[Exclusion] | QuerySet[Answer]") -> Q:
    """Whoever was merged into somebody got and did it as that one."""
    return Q(pk__in=rows.order_by().values_list(Coalesce("person__merged_into", "person")))


def _left_out(refs: list[str]) -> Q:
    excluded = Exclusion.objects.filter(_mailings(refs))
    return _people(excluded) | _people(_deliveries(refs).filter(state=S.SUPPRESSED))


def _got(refs: list[str]) -> Q:
    return _people(_deliveries(refs).filter(~BOUNCED, state=S.ACCEPTED))


def _failed(refs: list[str]) -> Q:
    refused = Q(state__in=(S.FAILED, S.EXPIRED)) | BOUNCED
    return _people(_deliveries(refs).filter(refused))


def _undecided(refs: list[str]) -> Q:
    return _people(_deliveries(refs).filter(~BOUNCED, state=S.UNKNOWN))


ASKED: dict[str, Callable[[list[str]], Q]] = {
    "got": _got,
    "left-out": _left_out,
    "failed": _failed,
    "undecided": _undecided,
}


def mailed(operator: str, values: list[str], _asker: Asker) -> Q:
    """By "campaign:outcome"; "empty" is whom no campaign ever reached."""
    if operator == "empty":
        return ~_people(_deliveries().filter(~BOUNCED, state=S.ACCEPTED))
    refs: dict[str, list[str]] = {}
    for value in values:
        ref, _colon, outcome = value.partition(":")
        if outcome not in ASKED:
            raise InvalidCondition(_now("“%s” is no mailing with what became of it.") % value[:60])
        refs.setdefault(outcome, []).append(ref)
    return any_of([ASKED[outcome](named) for outcome, named in refs.items()])


def bounced(operator: str, values: list[str], _asker: Asker) -> Q:
    """By what a mail that came back said of the mailbox; "empty" is to whom nothing came back."""
    back = _deliveries().filter(BOUNCED)
    if operator == "empty":
        return ~_people(back)
    known = {str(kind.value): kind.value for kind in BounceClass}
    return _people(back.filter(bounce_class__in=[known[v] for v in values if v in known]))


def last_contact(operator: str, values: list[str], _asker: Asker) -> Q:
    """By the day of the newest mail that was accepted, or of the newest answer.

    Who was in contact until a day was so at some time, and not since: two sets of ids, no sorting.
    """
    if operator == "empty":
        return ~_in_contact()
    days = [as_day(value) for value in values]
    if operator == "after":
        return any_of([_in_contact(gt=day) for day in days])
    if operator == "before":
        return any_of([_in_contact() & ~_in_contact(gte=day) for day in days])
    return any_of([_in_contact(gte=day) & ~_in_contact(gt=day) for day in days])


def _in_contact(**bound: object) -> Q:
    """Who got a mail or answered; with a bound for the day: gt or gte."""
    accepted = _deliveries().filter(~BOUNCED, state=S.ACCEPTED)
    answers = Answer.objects.all()
    for lookup, day in bound.items():
        accepted = accepted.filter(**{f"settled_at__date__{lookup}": day})
        answers = answers.filter(**{f"at__date__{lookup}": day})
    return _people(accepted) | _people(answers)


MAILED: dict[str, Question] = {
    question.name: question
    for question in (
        Question("mailed", _("Past campaigns"), "choice", mailed, own=True, shown=False),
        Question(
            "bounced", _("Mail that came back"), "choice", bounced,
            [(str(kind.value), kind.label) for kind in BounceClass], own=True, shown=False,
        ),
        Question(
            "last_contact", pgettext_lazy("audience", "Last contact"), "day", last_contact,
            own=True, shown=False,
        ),
    )
}  # fmt: skip

"""A campaign's report person by person, as the rows of a file.

The file says what the page says. Addresses, and what servers said of them, are those of the
reader's own clusters alone.
"""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from campaigns.actions.reports import Report, Row
from campaigns.models import Delivery
from crm.models import Answer
from crm.models.people import PersonQuerySet
from crm.rules.tables import Value

CHUNK = 1_000  # people that are read at once


def header() -> list[Value]:
    return [
        _("Name"),
        _("Organisation"),
        _("E-mail address"),
        _("Lane"),
        _("Language"),
        _("State"),
        _("When"),
        _("Answer"),
        _("The server said"),
        _("Subject"),
    ]


def rows(
    report: Report, people: PersonQuerySet, own: Collection[int] | None
) -> Iterator[list[Value]]:
    """A row for each of these people; `own`: the clusters whose addresses are told, None: all."""
    answers = _answers(report, people)
    pks = [*people.values_list("pk", flat=True)]
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        found = {person.pk: person for person in people.filter(pk__in=chunk).for_list()}
        present = [found[pk] for pk in chunk if pk in found]
        told = report.rows(present)
        emails = _emails(told)
        for row in told:
            whole = own is None or row.person.cluster_id in own
            yield _cells(row, emails.get(row.person.pk, "") if whole else "", answers, whole)


def _cells(row: Row, email: str, answers: dict[int, str], whole: bool) -> list[Value]:
    delivery = row.delivery
    post = next(iter(row.person.positions.all()), None)
    return [
        row.person.full_name,
        str(post.organisation) if post else "",
        email,
        row.lane.name if row.lane else "",
        delivery.language if delivery else row.person.language or "",
        row.label,
        delivery.settled_at.date() if delivery and delivery.settled_at else None,
        answers.get(row.person.pk, ""),
        delivery.reply if delivery and whole else "",
        str(delivery.get_subject_display()) if delivery and delivery.subject else "",
    ]


def _emails(told: list[Row]) -> dict[int, str]:
    """To which address it went; of whoever got none, the one that they are written to."""
    emails = {
        row.person.pk: str(used.address.email or "")
        for row in told
        for used in row.person.addresses.all()
        if used.is_primary
    }
    sent = {row.delivery.pk: row.person.pk for row in told if row.delivery}
    written = Delivery.objects.filter(pk__in=[*sent]).values_list("pk", "address__email")
    return emails | {sent[pk]: email or "" for pk, email in written}


def _answers(report: Report, people: PersonQuerySet) -> dict[int, str]:
    """What each of them answered last."""
    about = {"mission": report.campaign.mission, "event": report.campaign.event}
    latest = Answer.objects.filter(**about).latest_per_person()
    asked = {*people.values_list("pk", flat=True)}
    return {
        vars(answer)["human"]: str(Answer.Value(answer.value).label)
        for answer in latest
        if vars(answer)["human"] in asked
    }

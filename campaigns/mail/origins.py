"""Where the data of somebody comes from, as their first mail says it (GDPR, Art. 14)."""

from django.utils.translation import gettext as _

from crm.models import Cluster, Notice, Person


def untold(person: Person | None) -> str:
    """The list that brought somebody, if no mail has told them of it; else nothing."""
    found = Notice.objects.filter(person=person, told_at=None) if person and person.pk else None
    return "" if found is None else found.values_list("origin", flat=True).first() or ""


def said(cluster: Cluster, origin: str) -> str:
    """The paragraph, in the present language; `origin` may be a place that is filled later."""
    return _(
        "This is the first mail of %(cluster)s to you. Your name, address and post come from: "
        "%(origin)s. They are kept to write to you about what this mail is about, until you object "
        "or leave. You may see, correct, take along or have erased what is kept (%(contact)s), "
        "and complain to the data protection authority of your country."
    ) % {"cluster": cluster.name, "origin": origin, "contact": cluster.data_protection_contact}

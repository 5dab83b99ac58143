"""Who has to be told where their data comes from (GDPR, Art. 14): those whom a list brought."""

from django.db import models
from django.db.models import Q

from crm.models.people import Person


class Notice(models.Model):
    """Whose mails say where their data comes from, until one that said so was accepted."""

    person = models.OneToOneField(
        Person, models.PROTECT, related_name="notice", db_constraint=False
    )
    origin = models.CharField(max_length=200)
    """What the list was, in the words of whoever imported it."""
    told_at = models.DateTimeField(null=True)

    class Meta:
        # Of most people nothing is to be said any more.
        indexes = [
            models.Index(fields=["person"], condition=Q(told_at=None), name="notices_to_be_given")
        ]

"""Whose clicks may be kept with their name: who said so, and nobody else."""

from django.db import models

from crm.models.addresses import Address
from crm.models.consent import ConsentRecord


class Tracking(models.Model):
    """The owner of a mailbox agreed that it is kept which links of our mails they follow.

    Derived from the consent record; gone as soon as they take it back.
    """

    address = models.OneToOneField(Address, models.PROTECT, related_name="tracking")
    since = models.DateTimeField()
    record = models.ForeignKey(ConsentRecord, models.PROTECT, related_name="+")

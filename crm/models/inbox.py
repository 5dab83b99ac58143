"""What the development mail sink received: its own record, independent of the ledger."""

from django.db import models


class InboxMail(models.Model):
    """One mail the sink accepted, byte for byte, in one envelope."""

    received_at = models.DateTimeField(auto_now_add=True)
    mail_from = models.CharField(max_length=320)
    rcpt_to = models.CharField(max_length=320)
    subject = models.CharField(max_length=500)
    message_id = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    raw = models.BinaryField()
    complained_at = models.DateTimeField(null=True)
    answered = models.BooleanField(default=True)
    """False where the sink took the mail and cut the line before saying so."""

    class Meta:
        ordering = ["-pk"]
        # Finding all mails of one reader, and whether one arrived twice.
        indexes = [
            models.Index(fields=["rcpt_to"], name="inbox_by_reader"),
            models.Index(fields=["message_id"], name="inbox_by_message"),
        ]

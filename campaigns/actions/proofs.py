"""A proof: the mail of one reader, sent to oneself through the ledger."""

from email.message import EmailMessage
from email.policy import SMTP

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions import letters, previews, requeuing
from campaigns.actions.previews import Reader
from campaigns.models import Delivery
from crm.actions import audit
from crm.models import User

# These belong to a reader; a proof has none.
READERS_OWN = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-ID", "Feedback-ID")


def send(*, reader: Reader, by: User) -> Delivery:
    """Send the mail that `reader` would get to the user. Raises Refused."""
    requeuing.refuse_behind_the_fence()
    campaign = reader.release.campaign
    mail = previews.compose(reader, previews.texts_of(campaign), to=by.email).mail
    with transaction.atomic():
        delivery = letters.write(
            to=by.email, mail=_as_proof(mail, by), kind="proofs", language=reader.language
        )
        audit.record(by=by, verb="proofed", row=campaign, detail={"language": reader.language})
    return delivery


def _as_proof(mail: EmailMessage, by: User) -> bytes:
    subject = str(mail["Subject"])
    for name in ("To", "Subject", *READERS_OWN):
        del mail[name]
    mail["To"] = by.email
    mail["Subject"] = _("Proof: %(subject)s") % {"subject": subject}
    return mail.as_bytes(policy=SMTP)

"""What becomes of the campaigns' tables when somebody is erased: counts stay, words go."""

import pgtrigger
from django.db import connection
from django.db.models import Q

from campaigns.actions import clicks
from campaigns.models import (
    Attempt,
    Campaign,
    Deferral,
    Delivery,
    Fault,
    Letter,
    Trim,
    Visit,
)
from crm.actions.erasing import Traces

# What was understood is emptied; what waits is understood without the address. A mail from our
# mailbox is kept as base64.
EVENTS = """
UPDATE campaigns_hookevent SET
    payload = CASE WHEN processed_at IS NULL AND provider <> 'mailbox'
        THEN regexp_replace(payload::text, '***=' || %(email)s, 'erased', 'gi')::jsonb
        ELSE '{}'::jsonb END,
    trouble = '',
    processed_at = CASE WHEN provider = 'mailbox' THEN coalesce(processed_at, clock_timestamp())
        ELSE processed_at END
WHERE CASE WHEN provider = 'mailbox' AND payload ? 'raw'
    THEN lower(encode(decode(payload->>'raw', 'base64'), 'escape'))
    ELSE lower(payload::text) END LIKE %(like)s
"""


def forget(traces: Traces) -> None:
    mine = Delivery.objects.filter(
        # The ledger finds a mailbox campaign by campaign.
        Q(address__in=[each.pk for each in traces.emptied]) | Q(person__in=traces.people),
        campaign__in=list(Campaign.objects.values_list("pk", flat=True)),
        address__in=traces.addresses,
    )
    pks = list(mine.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=pks).exclude(reply="").update(reply="")
    Deferral.objects.filter(delivery__in=pks).update(reason="")
    Letter.objects.filter(delivery__in=pks).delete()
    Visit.objects.filter(delivery__in=pks).update(delivery=None)
    with pgtrigger.ignore("campaigns.Attempt:append_only", "campaigns.Trim:fixed_once_frozen"):
        Attempt.objects.filter(delivery__in=pks).update(text="")
        Trim.objects.filter(person__in=traces.people).exclude(reason="").update(reason="")
    clicks.forget_mails(pks)
    with connection.cursor() as cursor:
        for address in traces.emptied:
            Fault.objects.filter(why__icontains=str(address.email)).update(why="")
            for email in {str(address.email).lower(), str(address.key)}:
                like = email.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
                cursor.execute(EVENTS, {"email": email, "like": f"%{like}%"})

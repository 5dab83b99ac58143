"""The mails of a campaign for the sending engine, one reader at a time."""

from django.db.models import Prefetch

from campaigns.mail.compose import Composer
from campaigns.mail.readers import Reader
from campaigns.mail.transports.contract import Envelope
from campaigns.models import Campaign, Delivery
from crm.models import Position


class Press:
    def __init__(self, campaign: Campaign) -> None:
        self.composer = Composer(campaign)

    def envelope(self, reader: Reader) -> Envelope:
        posts = Position.objects.current().select_related("organisation")
        delivery = (
            Delivery.objects.select_related(
                "address", "person", "contact_point", "release__cluster__region"
            )
            .prefetch_related(Prefetch("person__positions", posts))
            .get(pk=reader.delivery)
        )
        return self.composer.compose(delivery)._replace(delivery=reader.delivery)

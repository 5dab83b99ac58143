"""How long a start takes: `python -m bench.launch` freezes a call's audience in DATABASE_URL."""

import json
import time

import django

django.setup()

from django.db.models import Count  # noqa: E402  what follows needs the line above
from django.utils import timezone  # noqa: E402

from bench.liaison import COORDINATOR, MISSION  # noqa: E402
from campaigns.actions import campaigns, freezing, releases  # noqa: E402
from campaigns.models import Campaign, Delivery, Exclusion  # noqa: E402
from crm.models import Mission, User  # noqa: E402


def main() -> None:
    by = User.objects.get(email=COORDINATOR)
    campaign = campaigns.announce(mission=Mission.objects.get(slug=MISSION), by=by)
    releases.release_all(campaign=campaign, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    freezing.start(campaign)
    campaign = Campaign.objects.get(pk=campaign.pk)
    began = time.monotonic()
    freezing.freeze_lanes(campaign)
    seconds = time.monotonic() - began
    excluded = Exclusion.objects.filter(campaign=campaign).values_list("reason")
    found = {
        "seconds": round(seconds, 3),
        "deliveries": Delivery.objects.filter(campaign=campaign).count(),
        "excluded": {
            Exclusion.Reason(reason).name.lower(): count
            for reason, count in excluded.annotate(Count("pk")).order_by("reason")
        },
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""What `announce` and `invite` share: a person who confirmed everything, from a terminal."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from campaigns.actions import audiences, campaigns, following, releases
from campaigns.models import Audience, Campaign, Release
from crm.actions.errors import Refused
from crm.models import User


class AnnouncingCommand(BaseCommand):
    """Draft, release, schedule for now and, if wished, follow to the end."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record", help="the short name (slug)")
        parser.add_argument("--audience", metavar="REF", help="a saved audience")
        parser.add_argument("--by", metavar="EMAIL", help="the user who answers for it")
        parser.add_argument("--release-all", action="store_true", help="sign every lane")
        parser.add_argument("--wait", action="store_true", help="follow it to its end")
        parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")

    def draft(self, slug: str, *, by: User | None, audience: Audience | None) -> Campaign:
        raise NotImplementedError("announce and invite say what they draft")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._user(options["by"])
        audience = self._audience(options["audience"])
        try:
            if options["dry_run"]:
                self._count(options["record"], by, audience)
                return
            campaign = self.draft(options["record"], by=by, audience=audience)
            if campaign.status == Campaign.Status.DRAFT:
                if options["release_all"]:
                    releases.release_all(campaign=campaign, by=by)
                campaigns.schedule(
                    campaign=campaign,
                    by=by,
                    send_at=timezone.now(),
                    pace=settings.DEMO_RATE or None,
                    heeds_quiet=False,
                )
            elif options["release_all"] and campaign.releases.filter(status=Release.Status.WAITING):
                releases.release_all(campaign=campaign, by=by)
            else:
                self.stdout.write(f"{campaign.ref} was announced before; nobody is mailed twice.")
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{campaign.ref}: {campaign.get_status_display()}")
        if options["wait"]:
            self._follow(campaign, options["verbosity"])

    def _follow(self, campaign: Campaign, verbosity: int) -> None:
        try:
            ledger = following.follow(campaign, say=self._say)
        except following.NotFinished as problem:
            raise CommandError(str(problem)) from problem
        if verbosity:
            for line in following.table(ledger):
                self.stdout.write(line)
        if not ledger.balances:
            raise CommandError("The ledger does not balance.")
        if campaign.status == Campaign.Status.PAUSED:
            raise CommandError(f"The campaign is paused. {campaign.reason_paused}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _count(self, slug: str, by: User | None, audience: Audience | None) -> None:
        with transaction.atomic():
            campaign = self.draft(slug, by=by, audience=audience)
            lanes, total = audiences.count(campaign)
            transaction.set_rollback(True)
        for lane in [*lanes, total]:
            name = lane.release.name if lane.release else "All lanes"
            reasons = ", ".join(f"{count} {reason}" for reason, count in lane.reasons)
            self.stdout.write(f"{name}: {lane.expected} would get it; left out: {reasons or '–'}")
        self.stdout.write("Nothing was written.")

    def _user(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(f"No user has the address {email}.")
        return user

    def _audience(self, ref: str | None) -> Audience | None:
        if not ref:
            return None
        audience = Audience.objects.filter(ref=ref).first()
        if audience is None:
            raise CommandError(f"No audience is saved as {ref}.")
        return audience

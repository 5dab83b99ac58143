"""An alliance's logo: at the head of its mails and of its site, in place of its name.

It is a picture like those of mails, made anew and kept for good, since mails that left show it.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions import images
from campaigns.rules.logos import WIDEST
from crm.actions import alliances
from crm.actions.errors import Refused
from crm.models import Alliance, User

DENSE = 2 * WIDEST  # for fine screens
MOST_UNEVEN = 20  # times as wide as high, or as high as wide


def bring(
    *, alliance: Alliance, by: User | None, says: str, file: tuple[str, bytes] | None = None
) -> Alliance:
    """Show this logo from now on; without a file, say anew what the present one shows.

    `says` stands in its place where pictures are off, and is read out. Lanes keep their
    signatures, as with a colour. Raises Refused for what is no picture, or says nothing.
    """
    says = " ".join(says.split())
    if not says:
        raise Refused(_("Say what the logo shows: it stands in its place where pictures are off."))
    with transaction.atomic():
        row = _held(alliance)
        if file is None and not row.logo:
            raise Refused(_("Choose a file with the logo."))
        facts: dict[str, Any] = {"logo_says": says}
        if file:
            name, content = file
            image = images.add(alliance=row, name=name, content=content, by=by, widest=DENSE)
            if not 1 / MOST_UNEVEN < image.width / image.height < MOST_UNEVEN:
                raise Refused(_("Nothing could be read of a picture so long and narrow."))
            facts |= {
                "logo": image.name, "logo_width": image.width, "logo_height": image.height,
            }  # fmt: skip
        return alliances.edit(alliance=row, by=by, version=row.version, **facts)


def take_off(*, alliance: Alliance, by: User | None) -> Alliance:
    """Show the name again. Mails that left keep what they show."""
    nothing: dict[str, Any] = {"logo": "", "logo_says": "", "logo_width": 0, "logo_height": 0}
    with transaction.atomic():
        row = _held(alliance)
        return alliances.edit(alliance=row, by=by, version=row.version, **nothing)


def _held(alliance: Alliance) -> Alliance:
    return Alliance.objects.select_for_update(of=("self",)).get(pk=alliance.pk)

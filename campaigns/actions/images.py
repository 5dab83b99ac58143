"""Pictures for mails: brought by whoever writes for an alliance, kept once, never changed."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.mail.records import Block
from campaigns.models import Image
from campaigns.rules import pictures
from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Alliance, User

_WHY: Mapping[str, Promise] = {
    "large": gettext_lazy("“%(name)s” is larger than 10 MB. Make it smaller."),
    "drawn": gettext_lazy(
        "“%(name)s” is a drawing (SVG), which mail programs do not show. Save it as PNG."
    ),
    "unknown": gettext_lazy("“%(name)s” is no picture. Bring a JPEG, PNG, GIF or WebP file."),
    "pixels": gettext_lazy(
        "“%(name)s” has more than 40 million pixels. Make it smaller: a mail shows 1200 across."
    ),
    "broken": gettext_lazy("“%(name)s” is damaged. Save it anew and bring that."),
}


def too_large(name: str) -> str:
    return str(_WHY["large"]) % {"name": name[:80]}


def add(
    *,
    alliance: Alliance,
    name: str,
    content: bytes,
    by: User | None,
    widest: int = pictures.WIDEST,
) -> Image:
    """Keep a picture for an alliance's mails. The same one twice is kept once.

    `name` is what its bringer calls it; it is said back to them, and not kept.
    """
    try:
        made = pictures.picture(content, widest=widest)
    except pictures.Unfit as unfit:
        raise Refused(str(_WHY[unfit.why]) % {"name": name[:80]}) from unfit
    sha256 = hashlib.sha256(made.content).hexdigest()
    with transaction.atomic():
        # Of two at once, one is kept; what only refers to the alliance does not wait.
        Alliance.objects.select_for_update(of=("self",), no_key=True).get(pk=alliance.pk)
        known = Image.objects.filter(alliance=alliance, sha256=sha256).first()
        if known:
            return known
        image = Image(
            alliance=alliance,
            sha256=sha256,
            width=made.width,
            height=made.height,
            size=len(made.content),
            by=by,
        )
        image.file.save(f"{sha256}.{made.ending}", ContentFile(made.content), save=False)
        image.save()
        audit.record(by=by, verb="brought", row=image)
    return image


def measured(blocks: Iterable[Mapping[str, Any]], alliance: Alliance | None) -> list[Block]:
    """The blocks, with each picture's size. Raises Refused for one that the alliance hasn't got."""
    found = [dict(block) for block in blocks]
    shown = [block for block in found if block["kind"] == "image"]
    names = {block["image"].partition(".")[0] for block in shown}
    kept = {
        image.name: image for image in Image.objects.filter(alliance=alliance, sha256__in=names)
    }
    for position, block in enumerate(found, start=1):
        if block["kind"] == "image":
            image = kept.get(block["image"])
            if image is None:
                raise Refused(
                    _("The picture of block %(position)s is not kept here. Choose its file again.")
                    % {"position": position}
                )
            block |= {"width": image.width, "height": image.height}
    return found

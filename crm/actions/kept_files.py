"""Files that are kept as they came: what each is, and what is refused."""

from django.utils.translation import gettext as _

from crm.actions.errors import Refused
from crm.rules import files

LARGEST = 10 * 1024 * 1024


def kind_of(name: str, content: bytes) -> str:
    """The media type, from its ending and its first bytes together.

    Raises Refused for what is empty, too large, something else than its ending says, or no kind
    that is kept.
    """
    if len(content) > LARGEST:
        raise Refused(_("“%(name)s” is larger than 10 MB. Make it smaller.") % {"name": name})
    if not content:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    kind = files.media_type(name, content)
    if kind:
        return kind
    if files.ending(name) in files.KINDS:
        raise Refused(
            _("“%(name)s” is not what its ending says. Save it anew and attach that.")
            % {"name": name}
        )
    raise Refused(
        _("“%(name)s” is of a kind that is not kept. Save it as PDF, or attach one of: %(kinds)s.")
        % {"name": name, "kinds": ", ".join(files.KINDS)}
    )

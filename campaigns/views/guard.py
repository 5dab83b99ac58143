"""What is asked of whoever lets many mails leave: signing in once more, and a second factor."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponse

from crm.models import User

Page = Callable[..., HttpResponse]


def guarded(page: Page, mails: int) -> Page:
    """The page, or for many mails the page behind one's password; what was pressed is kept."""
    if mails > settings.SEND_CONFIRM:
        return reauthentication_required(page)  # type: ignore[no-any-return]  # has no types
    return page


def lacks_factor(user: User) -> bool:
    """Whether the rules ask for a second factor that this user has not set up."""
    return bool(settings.SEND_SECOND_FACTOR and not is_mfa_enabled(user))

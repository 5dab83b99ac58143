"""How allauth behaves here: no public sign-up, nothing about who exists."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, not by visitors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

"""Support pages for staff: what no screen shows and somebody must see."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.actions import hooks
from campaigns.models import HookEvent
from crm.admin import KeptAdmin


@admin.register(HookEvent)
class HookEventAdmin(KeptAdmin):
    """Events of providers and of the mailbox; those that nobody understood are parked."""

    list_display = ("received_at", "provider", "tries", "parked_at", "processed_at", "trouble")
    list_filter = ("provider", ("parked_at", admin.EmptyFieldListFilter))
    show_full_result_count = False
    actions = ("try_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: HookEvent | None = None) -> bool:
        """To be read; the list's one action changes no content."""
        return obj is None and super().has_change_permission(request)

    @admin.action(description=_("Try parked events again"), permissions=["change"])
    def try_again(self, request: HttpRequest, events: QuerySet[HookEvent]) -> None:
        count = hooks.retry(events=list(events.values_list("pk", flat=True)))
        said = ngettext(
            "%(count)d event is tried again.", "%(count)d events are tried again.", count
        )
        messages.success(request, said % {"count": count})

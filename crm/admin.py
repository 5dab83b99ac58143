"""Support pages for staff: few tables, nothing deleted. Everybody else works on the screens."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from crm.models import Alliance, AuditEntry, Cluster, Grant, Topic, User

# One door: the sign-in with its rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class GrantInline(admin.TabularInline):  # type: ignore[type-arg] # not subscriptable when run
    """A role is ended by its last day."""

    model = Grant
    extra = 0
    can_delete = False


class KeptAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable when run
    """Rows that nobody deletes here."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(KeptAdmin):
    """A new user has no password, and asks for one by mail on the sign-in page."""

    list_display = ("email", "name", "language", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser", "created_at")
    readonly_fields = ("created_at", "is_superuser")
    inlines = (GrantInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Cluster)
class ClusterAdmin(KeptAdmin):
    list_display = ("name", "slug", "region", "from_address")
    list_select_related = ("region",)
    search_fields = ("name", "slug")


@admin.register(Alliance)
class AllianceAdmin(KeptAdmin):
    list_display = ("name", "slug", "status")
    search_fields = ("name", "slug")


@admin.register(Topic)
class TopicAdmin(KeptAdmin):
    list_display = ("__str__", "slug", "purpose", "alliance", "cluster")
    list_select_related = ("alliance", "cluster")


@admin.register(AuditEntry)
class AuditEntryAdmin(KeptAdmin):
    """Who did what: to be read only."""

    list_display = ("at", "user", "verb", "noun", "row_id", "cluster", "count")
    list_filter = ("noun", "verb")
    list_select_related = ("user", "cluster")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

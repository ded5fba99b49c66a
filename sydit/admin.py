"""Django's admin as the place for master data: the base of its pages, and the users."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from sydit import master_data, money
from sydit.access import Role, user_of
from sydit.errors import Refused
from sydit.models import User
from sydit.money import Unit


class MasterDataAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Every write goes through the same action as elsewhere (sydit.master_data), one row at a time."""

    actions = None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What is refused (somebody else was first, a field's own rule) is told above the row as it stands now."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["adminform"].form.label_suffix = ""  # no colon after a label, as on the other pages
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:  # noqa: ARG002
        if change and not self.has_change_permission(request, obj):
            raise PermissionDenied  # the page of an old version would else save it, whatever may be changed
        master_data.save(obj, by=user_of(request))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        master_data.delete(obj, by=user_of(request))


class ReadOnlyAdmin(MasterDataAdmin):
    """Rows that have a register of their own, with its rules: here they are looked at, with their history."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False


class EntryAdmin(ReadOnlyAdmin):
    """Rows that carry an amount."""

    @admin.display(description="Belopp, kr")
    def amount_shown(self, obj: Any) -> str:
        return money.text(obj.amount, Unit.KR)


class RolesMixin(forms.Form):
    """The roles as boxes to tick."""

    roles = forms.MultipleChoiceField(
        label="Roller",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Rollerna avgör vad användaren får se och ändra.",
    )


class UserForm(RolesMixin, UserChangeForm):  # type: ignore[type-arg]
    pass


class NewUserForm(RolesMixin, AdminUserCreationForm):  # type: ignore[type-arg]
    pass


admin.site.unregister(Group)  # what a user may do follows from roles alone


@admin.register(User)
class UserAdmin(MasterDataAdmin, DjangoUserAdmin):  # type: ignore[type-arg, misc]
    form = UserForm
    add_form = NewUserForm
    list_display = ["username", "name", "roles_shown", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "email"]}),
        ("Åtkomst", {"fields": ["roles", "is_active"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "email", "roles", "usable_password", "password1", "password2"]})
    ]

    @admin.display(description="Roller")
    def roles_shown(self, user: User) -> str:
        return ", ".join(user.role_labels)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False  # history names its users for ever: a user who leaves is made inactive

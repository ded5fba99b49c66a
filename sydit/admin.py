"""Django's admin as the place for master data: the base of its pages, and the users."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from sydit import master_data, money
from sydit.access import Role, user_of
from sydit.alphabet import alphabetically
from sydit.errors import Refused
from sydit.fields import OreField
from sydit.forms import PlainLabels
from sydit.models import User
from sydit.money import Unit


class MasterDataForm(PlainLabels, forms.ModelForm):  # type: ignore[type-arg]
    pass


class ChangeInWords(HistoricalRecordContextHelper):  # type: ignore[misc]
    """What a field was and became, as the screen says it: kronor, never öre, and a dash for nothing."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        column = self.model._meta.get_field(change.field)
        if value is None or value == "":
            return "\N{EN DASH}"
        if isinstance(column, OreField):
            return money.text(value, Unit.KR)
        if isinstance(value, bool):
            return "ja" if value else "nej"
        return super().prepare_delta_change_value(change, value)


class AlphabeticalList(ChangeList):
    """A list of rows; what is sorted by a text is in the alphabet's order."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> models.QuerySet[Any]:
        return alphabetically(super().get_queryset(request, exclude_parameters))


class MasterDataAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Every write goes through the same action as elsewhere (sydit.master_data), one row at a time."""

    actions = None
    form: type[forms.ModelForm] = MasterDataForm  # type: ignore[type-arg]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002
        return AlphabeticalList

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What is refused (somebody else was first, a field's own rule) is told above the row as it stands now."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, context | {"has_history": self._has_history}, *args, **kwargs)

    @property
    def _has_history(self) -> bool:
        """Not of rows that are written once and never changed."""
        return hasattr(self.model._meta, "simple_history_manager_attribute")

    def history_view(self, request: HttpRequest, object_id: str, **kwargs: Any) -> Any:
        if not self._has_history:
            raise Http404
        return super().history_view(request, object_id, **kwargs)

    def history_view_title(self, request: HttpRequest, obj: models.Model) -> str:  # noqa: ARG002
        return f"Ändringshistorik: {obj}"

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ChangeInWords:  # noqa: ARG002
        return ChangeInWords(self.model, historical_record)

    def history_form_view(self, request: HttpRequest, object_id: str, version_id: str, **kwargs: Any) -> Any:
        if not (self._has_history and version_id.isdecimal()):
            raise Http404
        return super().history_form_view(request, object_id, version_id, **kwargs)

    def history_form_view_title(self, request: HttpRequest, obj: models.Model) -> str:  # noqa: ARG002
        return f"{obj}, tidigare version"

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
    """Rows that carry an amount, which is kept in öre and shown in kronor."""

    readonly_fields = ["amount_shown"]

    @admin.display(description="Belopp, kr")
    def amount_shown(self, obj: Any) -> str:
        return money.text(obj.amount, Unit.KR)


class RolesMixin(PlainLabels, forms.Form):
    """The roles as boxes to tick."""

    roles = forms.MultipleChoiceField(
        label="Roller",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Rollerna avgör vad användaren får se och ändra.",
    )


AGAIN = "Lösenordet igen"


class PasswordLink(ReadOnlyPasswordHashWidget):
    """The way to where a password is set, by its whole address: the form stands on earlier versions' pages too."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        is_set = self.user.has_usable_password()
        summary = [{"label": "Satt" if is_set else "Inget är satt"}]
        url = reverse("admin:auth_user_password_change", args=[self.user.pk])
        return context | {"summary": summary, "password_url": url}


class UserForm(RolesMixin, UserChangeForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget = PasswordLink(self.instance)


class NewUserForm(RolesMixin, UserCreationForm):  # type: ignore[type-arg]
    """With a password always: there is no other way to log in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = AGAIN


class NewPasswordForm(PlainLabels, AdminPasswordChangeForm):  # type: ignore[type-arg]
    """The same: the framework's choice to have none is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True
        self.fields["password2"].label = AGAIN


admin.site.unregister(Group)  # what a user may do follows from roles alone


@admin.register(User)
class UserAdmin(MasterDataAdmin, DjangoUserAdmin):  # type: ignore[type-arg, misc]
    form = UserForm
    add_form = NewUserForm
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/password.html"  # noqa: S105 - a template
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
    add_fieldsets = [(None, {"fields": ["username", "name", "email", "roles", "password1", "password2"]})]

    @admin.display(description="Roller")
    def roles_shown(self, user: User) -> str:
        return ", ".join(user.role_labels)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False  # history names its users for ever: a user who leaves is made inactive

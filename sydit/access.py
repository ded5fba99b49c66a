"""Roles, what each may do, and the one check that actions and views call."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest

if TYPE_CHECKING:
    from sydit.models import User


class Role(models.TextChoices):
    CONTROLLER = "controller", "Controller"
    SECRETARY = "secretary", "Nämndsekreterare"
    ADMINISTRATOR = "administrator", "Administratör"
    HEAD = "head", "Förvaltningschef"
    READER = "reader", "Läsare"


class Permission(enum.Enum):
    READ_PUBLISHED = enum.auto()
    READ_DRAFTS = enum.auto()
    ENTER_FORECASTS = enum.auto()
    WRITE_TEXTS = enum.auto()
    UPDATE_DECISIONS = enum.auto()
    IMPORT_LEDGER = enum.auto()
    KEEP_MASTER_DATA = enum.auto()
    KEEP_BUDGET = enum.auto()
    OPEN_FOLLOW_UP = enum.auto()
    KEEP_DETAILS = enum.auto()
    MARK_READY = enum.auto()
    APPROVE = enum.auto()


_STAFF = frozenset({Permission.READ_PUBLISHED, Permission.READ_DRAFTS})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CONTROLLER: _STAFF
    | {
        Permission.ENTER_FORECASTS,
        Permission.WRITE_TEXTS,
        Permission.KEEP_BUDGET,
        Permission.OPEN_FOLLOW_UP,
        Permission.KEEP_DETAILS,
        Permission.MARK_READY,
    },
    Role.SECRETARY: _STAFF | {Permission.UPDATE_DECISIONS, Permission.KEEP_DETAILS, Permission.MARK_READY},
    Role.ADMINISTRATOR: _STAFF | {Permission.IMPORT_LEDGER, Permission.KEEP_MASTER_DATA, Permission.KEEP_BUDGET},
    Role.HEAD: _STAFF | {Permission.KEEP_DETAILS, Permission.APPROVE},
    Role.READER: frozenset({Permission.READ_PUBLISHED}),
}


def allows(user: User | AnonymousUser, permission: Permission) -> bool:
    """Whether any of the user's roles grants the permission."""
    if not (user.is_authenticated and user.is_active):
        return False
    return any(permission in GRANTS[Role(role)] for role in user.roles)


def require(user: User | AnonymousUser, permission: Permission) -> None:
    """Raises Django's ``PermissionDenied`` (403) unless the user may."""
    if not allows(user, permission):
        raise PermissionDenied("Din roll ger inte rätt att göra detta.")


def user_of(request: HttpRequest) -> User:
    """The logged-in user. Every page requires one (settings: LoginRequiredMiddleware)."""
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied("Du är inte inloggad.")
    return request.user

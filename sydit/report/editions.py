"""Which of a follow-up's reports is meant: the one in force, a version as it was published, or the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from followup.models import FollowUp
from followup.pages import follow_up_for
from sydit.access import Permission
from sydit.kept import kept
from sydit.models import Publication
from sydit.periods import Month
from sydit.report import archive
from sydit.report.build import build_report
from sydit.report.document import Report

IN_FORCE, DRAFT = "", "utkast"


class EditionConverter:
    """``version/2`` or ``utkast`` in an address, after the follow-up's month."""

    regex = f"version/[1-9][0-9]{{0,3}}|{DRAFT}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Edition:
    """A report of a follow-up. ``address`` is empty for the one in force, which of a follow-up that was never approved
    is its draft; ``publication`` is None of a draft."""

    follow_up: FollowUp
    address: str
    publication: Publication | None

    @property
    def report(self) -> Report:
        """Raises ``DamagedPublication``."""
        return archive.document_of(self.publication) if self.publication else build_report(self.follow_up)

    @property
    def json(self) -> str:
        """A published one to the letter as it was stored, so that its checksum can be computed again."""
        document = self.report
        return self.publication.document if self.publication else document.to_json()

    @property
    def label(self) -> str:
        """What the screen calls it."""
        return f"Version {self.publication.version}" if self.publication else "Utkast"

    @property
    def file_stem(self) -> str:
        """What a file with the report is called, without its ending."""
        version = f"-{self.address.replace('/', '-')}" if self.address else ""
        return f"budgetuppfoljning-{self.follow_up.period}{version}"

    def url(self, name: str, **more: Any) -> str:
        """The address of a page of this edition (``report``, ``report-xlsx``, ``ledger-lines`` …)."""
        month = {"month": self.follow_up.period, **more}
        if self.address == IN_FORCE:
            return reverse(name, kwargs=month)
        return reverse(f"edition-{name}", kwargs={**month, "edition": self.address})


def find(follow_up: FollowUp, address: str = IN_FORCE) -> Edition:
    """Raises ``Http404`` where there is no such version."""
    if address == IN_FORCE:
        return Edition(follow_up, address, archive.latest(follow_up))
    if address == DRAFT:
        return Edition(follow_up, address, None)
    version = int(address.removeprefix("version/"))
    found = [publication for publication in archive.versions(follow_up) if publication.version == version]
    if not found:
        raise Http404("Rapporten har ingen sådan version.")
    return Edition(follow_up, address, found[0])


_kept = kept(find)


def edition_for(request: HttpRequest, month: Month, address: str = IN_FORCE, *, is_kept: bool = False) -> Edition:
    """The edition that an address names, for a user who may read it. Raises ``PermissionDenied`` and ``Http404``.

    ``is_kept`` is for pages whose contents are kept (``sydit.kept``): then what they are found by is too.
    """
    permission = Permission.READ_DRAFTS if address == DRAFT else Permission.READ_PUBLISHED
    follow_up = follow_up_for(request, month, permission, is_kept=is_kept)
    return _kept(follow_up, address) if is_kept else find(follow_up, address)

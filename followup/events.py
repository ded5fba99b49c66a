"""What has happened to the economy of a follow-up and to what it stands on (the contract: ``followup.journal``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from followup.budget_page import decision_text
from followup.journal import Area, Detail, Kind, Rows, Source, Versions, kr, months
from followup.ledger.labels import months_text
from followup.models import (
    AccountRule,
    BudgetEntry,
    CostCategory,
    FollowUp,
    Forecast,
    LedgerImport,
    LedgerMonth,
    Measure,
    PartReady,
    ReportText,
)
from sydit.money import grouped, shown


def sources(follow_up: FollowUp) -> Iterator[Source]:
    """What was entered in the follow-up; the budget, rules and categories of its year; imports of its months."""
    yield from _entered(follow_up)
    yield from _plan(follow_up)
    yield from _imports(follow_up)


# --- what was entered -------------------------------------------------------------------------------------------------


def _entered(follow_up: FollowUp) -> Iterator[Source]:
    yield Versions(
        name="follow-up",
        area=Area.FOLLOW_UP,
        rows=FollowUp.history.filter(id=follow_up.pk),
        search=("registry_number", "returned_comment", "correction_reason"),
        fields=("state", "registry_number", "meeting_date", "returned_comment", "corrects", "correction_reason"),
        subject=lambda _: "Uppföljningen",
        always=Kind.STATE,
    )
    yield Versions(
        name="forecast",
        area=Area.ECONOMY,
        rows=Forecast.history.filter(follow_up_id=follow_up.pk),
        search=("category__name", "comment"),
        fields=("amount", "months", "comment", "confirmed"),
        subject=lambda row: name_of(row.category),
        related=("category",),
        words={"months": months},
        labels={"confirmed": "kommentaren bekräftad"},
        is_carried=True,
    )
    yield Versions(
        name="measure",
        area=Area.MEASURES,
        rows=Measure.history.filter(follow_up_id=follow_up.pk),
        search=("what", "owner", "category__name"),
        fields=(
            "what", "category", "owner", "due_on", "effect_this_year", "effect_full_year", "effect_so_far", "status",
            "confirmed",
        ),
        subject=lambda row: shown(row.what, 80),
        related=("category",),
        words={"category": name_of},
        is_carried=True,
    )  # fmt: skip
    yield Versions(
        name="text",
        area=Area.TEXTS,
        rows=ReportText.history.filter(follow_up_id=follow_up.pk),
        search=("body",),
        fields=("body",),
        subject=lambda row: str(row.get_key_display()),
        labels={"body": "text"},
    )

    yield Versions(
        name="part",
        area=Area.FOLLOW_UP,
        rows=PartReady.history.filter(follow_up_id=follow_up.pk),
        search=("by__name",),
        fields=("part", "reasons"),
        subject=lambda row: "Klarmarkerad" if row.history_type != "-" else "Öppnad igen",
        labels={"part": "del"},
        words={"reasons": lambda reasons: "; ".join(reasons.values())},
        always=Kind.STATE,
    )


def name_of(row: Any) -> str:
    """What a category or project is called; rows that are removed since have no name left."""
    return str(row.name) if row is not None else "(borttagen)"


def while_worked_on(follow_up: FollowUp) -> Q:
    """Versions of rows that belong to no follow-up, from when this one began until it was approved last."""
    versions = FollowUp.history.filter(id=follow_up.pk)
    meanwhile = Q(history_date__gte=Subquery(versions.order_by("history_date").values("history_date")[:1]))
    if follow_up.state == FollowUp.State.APPROVED:
        approved = versions.filter(state=FollowUp.State.APPROVED).order_by("-history_date")
        meanwhile &= Q(history_date__lte=Subquery(approved.values("history_date")[:1]))
    return meanwhile


# --- what it stands on ------------------------------------------------------------------------------------------------


def _plan(follow_up: FollowUp) -> Iterator[Source]:
    year = follow_up.fiscal_year_id
    yield Versions(
        name="category",
        area=Area.MASTER_DATA,
        rows=CostCategory.history.filter(fiscal_year_id=year),
        search=("name", "key"),
        fields=("name", "key", "position"),
        subject=lambda row: f"Kostnadskategori {row.name}",
    )
    yield Versions(
        name="rule",
        area=Area.MASTER_DATA,
        rows=AccountRule.history.filter(fiscal_year_id=year),
        search=("prefix", "reason", "category__name"),
        fields=("prefix", "category", "reason"),
        subject=lambda row: f"Kontoregel {row.prefix}",
        related=("category",),
        words={"category": name_of},
    )
    yield Rows(
        name="budget",
        area=Area.BUDGET,
        rows=_first_of_batches(BudgetEntry.objects.filter(category__fiscal_year=year)),
        at="recorded_at",
        by="recorded_by",
        search=("category__name", "note", "filename", "paragraph"),
        kind=Kind.ADDED,
        told=_budgets_told,
    )


def _first_of_batches(entries: Any) -> Any:
    """What was entered at once is one change, told by the first of its entries."""
    earlier = BudgetEntry.objects.filter(batch=OuterRef("batch"), pk__lt=OuterRef("pk"))
    return entries.filter(Q(batch=None) | ~Exists(earlier))


def _budgets_told(rows: list[BudgetEntry]) -> Mapping[int, tuple[str, tuple[Detail, ...]]]:
    batches = [row.batch for row in rows if row.batch]
    entries = BudgetEntry.objects.filter(Q(batch__in=batches) | Q(pk__in=[row.pk for row in rows]))
    together: dict[object, list[BudgetEntry]] = {}
    for entry in entries.select_related("category").order_by("pk"):
        together.setdefault(entry.batch or entry.pk, []).append(entry)
    return {row.pk: _budget_told(together[row.batch or row.pk]) for row in rows}


def _budget_told(entries: list[BudgetEntry]) -> tuple[str, tuple[Detail, ...]]:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.category.name] = sums.get(entry.category.name, 0) + entry.amount
    first = entries[0]
    kinds = list(dict.fromkeys(str(entry.get_kind_display()) for entry in entries))
    reasons = (
        ("Beslut", decision_text(first.decided_on, first.paragraph)),
        ("Anteckning", first.note),
        ("Ur fil", first.filename),
    )
    return " och ".join([kinds[0], *(kind.lower() for kind in kinds[1:])]), (
        *(Detail(name, "", kr(ore)) for name, ore in sums.items()),
        *(Detail(label, "", value) for label, value in reasons if value),
    )


# --- the ledger -------------------------------------------------------------------------------------------------------


def _imports(follow_up: FollowUp) -> Iterator[Source]:
    """Imports that were booked with a month of the period, and those of them that were undone."""
    touching = LedgerMonth.objects.filter(
        ledger_import=OuterRef("pk"), year=follow_up.period.year, month__lte=follow_up.month
    )
    imports = LedgerImport.objects.filter(Exists(touching))
    for kind, at, by in ((Kind.BOOKED, "booked_at", "booked_by"), (Kind.UNDONE, "undone_at", "undone_by")):
        yield Rows(
            name=kind.value,
            area=Area.LEDGER,
            rows=imports.filter(**{f"{at}__isnull": False}),
            at=at,
            by=by,
            search=("filename",),
            kind=kind,
            told=_imports_told,
        )


def _imports_told(rows: list[LedgerImport]) -> Mapping[int, tuple[str, tuple[Detail, ...]]]:
    brought: dict[int, list[LedgerMonth]] = {}
    for month in LedgerMonth.objects.filter(ledger_import__in=rows):
        brought.setdefault(month.ledger_import_id, []).append(month)
    return {row.pk: (f"Import {row.pk}", tuple(_import_told(row, brought[row.pk]))) for row in rows}


def _import_told(row: LedgerImport, brought: list[LedgerMonth]) -> Iterator[Detail]:
    yield Detail("Fil", "", row.filename)
    yield Detail("Månader", "", months_text(month.period for month in brought))
    if replaced := [month.period for month in brought if month.replaces_id]:
        yield Detail("Därav ersatta", "", months_text(replaced))
    yield Detail("Rader", "", grouped(row.rows))
    yield Detail("Summa", "", kr(row.total))
    for sentence in row.confirmed:
        yield Detail("Bekräftat", "", sentence)

"""Import profiles: saying what the columns of a file are, and the profiles that came of it."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followup.column_forms import ColumnsForm, PlaceForm
from followup.ledger import load, mapping, unmapped
from followup.ledger import profiles as stored_profiles
from followup.ledger.content import Content
from followup.ledger.delimited import SEPARATORS
from followup.ledger.labels import rows_text, skipped_sentence
from followup.ledger.load import AlreadyBooked, RefusedFile
from followup.ledger.mapping import Trial
from followup.ledger.profile import KIND_LABELS, WORKBOOK, Profile
from followup.ledger.profiles import UnusableProfile
from followup.ledger.table import Row
from followup.models import ImportProfile, UnmappedFile
from followup.views.imports import administrator_of, gone, import_or_none, refused_page
from sydit.errors import Refused, StaleEdit
from sydit.models import User

GONE = "Filen finns inte längre kvar. Läs in den på nytt."
ROWS_BELOW = 8  # the header, shown above the choices
MOST_PROBLEMS = 10


class Seen(NamedTuple):
    """A file, as whoever maps it sees it."""

    held: UnmappedFile
    content: Content
    place: PlaceForm

    def form(self, request: HttpRequest, *, is_saved: bool) -> ColumnsForm:
        """What was sent; else the stored profile of the same shape, or the best guess."""
        table, header_row = self.place.chosen, self.place.header_row
        if request.method == "POST":
            return ColumnsForm(request.POST, table=table, header_row=header_row, is_saved=is_saved)
        return ColumnsForm(table=table, header_row=header_row, stored=stored_profiles.of_shape(table.shape(header_row)))


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the columns of a file are, see how it reads with that, and save it as a profile."""
    user = administrator_of(request)
    held = UnmappedFile.objects.select_related("file", "fiscal_year").filter(pk=pk).first()
    content = unmapped.content_of(held) if held else None
    tables = mapping.tables(content) if content else ()
    if held is None or content is None or not tables:
        return _gone(request)
    seen = Seen(held, content, PlaceForm(request.GET, tables=tables))
    is_saved = "save" in request.POST
    form = seen.form(request, is_saved=is_saved)
    if request.method != "POST":
        return _page(request, seen, form)
    if not form.is_valid():
        return _page(request, seen, form, status=422)
    trial = unmapped.try_out(held, content, form.profile)
    if not trial.parsed.rows:
        _blame(form, trial, form.profile)
        return _page(request, seen, form, trial, status=422)
    return _save(request, seen, form, trial, user) if is_saved else _page(request, seen, form, trial)


def _blame(form: ColumnsForm, trial: Trial, profile: Profile) -> None:
    """No row can be read: the first thing wrong with each column, at the column."""
    told: set[int | None] = set()
    for problem in trial.parsed.problems:
        place = next(iter(mapping.columns_of(profile, problem.column)), None)
        if place not in told:
            told.add(place)
            row = f"Rad {problem.row}: " if problem.row else ""
            form.add_error(None if place is None else f"column_{place}", f"{row}{problem.message}")


def _save(request: HttpRequest, seen: Seen, form: ColumnsForm, trial: Trial, user: User) -> HttpResponse:
    """Store the profile, and read the file with it."""
    try:
        saved = stored_profiles.save(
            profile=form.profile,
            replaces=form.cleaned_data["replaces"],
            seen_version=form.cleaned_data["version"],
            by=user,
        )
    except UnusableProfile as unusable:
        form.add_faults(*unusable.faults)
        return _page(request, seen, form, trial, status=422)
    except Refused as refused:
        again = " Inget har sparats. Spara igen för att ersätta den med dina val."
        form.add_error(None, f"{refused}{again if isinstance(refused, StaleEdit) else ''}")
        form.seeing(stored_profiles.of_shape(form.profile.shape))
        return _page(request, seen, form, trial, status=409)
    return _upload(request, seen, saved, user)


def _upload(request: HttpRequest, seen: Seen, saved: ImportProfile, user: User) -> HttpResponse:
    held = seen.held
    messages.success(request, f"Profilen ”{saved}” är sparad.")
    try:
        uploaded = load.upload(
            content=seen.content,
            filename=held.filename,
            fiscal_year=held.fiscal_year,
            by=user,
            known=stored_profiles.only(saved.profile),
        )
    except RefusedFile as refused:
        return refused_page(request, refused, held.fiscal_year, held)
    except AlreadyBooked as already:
        messages.info(request, str(already))
        uploaded = already.ledger_import
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("imports")
    unmapped.release(unmapped=held, by=user)
    load.discard_other_readings(kept=uploaded, by=user)
    return redirect("import", pk=uploaded.pk)


class ShownCell(NamedTuple):
    """A cell, and the column's label for a narrow screen, where the head is not seen."""

    label: str
    text: str


class ShownRow(NamedTuple):
    """A row of the file as it stands."""

    number: int
    cells: tuple[ShownCell, ...]


def _page(
    request: HttpRequest, seen: Seen, form: ColumnsForm, trial: Trial | None = None, *, status: int = 200
) -> HttpResponse:
    place = seen.place
    below = [row for row in place.chosen.filled if row.number > place.header_row][:ROWS_BELOW]
    header = next((row.cells for row in place.chosen.rows if row.number == place.header_row), [])
    names = mapping.cells_text(Row(place.header_row, header), form.width)
    labels = [name or f"Kolumn {number}" for number, name in enumerate(names, 1)]
    return render(
        request,
        "followup/columns.html",
        {
            "held": seen.held,
            "imported": unmapped.imported(seen.held),
            "place": place,
            "form": form,
            "action": f"{reverse('import-columns', args=[seen.held.pk])}?{place.query}",
            "heads": [Head(field, name) for field, name in zip(form.columns, names, strict=True)],
            "rows": [
                ShownRow(row.number, tuple(map(ShownCell, labels, mapping.cells_text(row, form.width))))
                for row in below
            ],
            "trial": trial,
            **(_told(trial) if trial else {}),
        },
        status=status,
    )


class Head(NamedTuple):
    """A column's choice, and its name in the file."""

    field: BoundField
    name: str


def _told(trial: Trial) -> dict[str, object]:
    """What the whole file says with the choices."""
    parsed = trial.parsed
    return {
        "read": rows_text(parsed.rows),
        "months": [MonthSum(month.label, ore) for month, ore in parsed.by_month().items()],
        "notices": "\n\n".join([*parsed.notices[1:], *map(skipped_sentence, parsed.skipped)]),
        "problems": parsed.problems[:MOST_PROBLEMS],
        "has_more": len(parsed.problems) > MOST_PROBLEMS,
    }


class MonthSum(NamedTuple):
    """A month's name and its öre."""

    label: str
    amount: int


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the columns of a file that was read, for whoever sees that it was read wrongly."""
    user = administrator_of(request)
    read = import_or_none(pk)
    if read is None:
        return gone(request)
    try:
        held = unmapped.hold_again(ledger_import=read, by=user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("import", pk=pk)
    return redirect("import-columns", pk=held.pk)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of a file that is not mapped after all."""
    user = administrator_of(request)
    held = UnmappedFile.objects.filter(pk=pk).first()
    if held is None:
        return _gone(request)
    unmapped.release(unmapped=held, by=user)
    if read := unmapped.imported(held):
        messages.info(request, f"{read.filename} läses som förut. Inget har ändrats.")
        return redirect("import", pk=read.pk)
    messages.success(request, f"{held.filename} är kastad. Inget har sparats.")
    return redirect("imports")


def _gone(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Http404(GONE)
    messages.info(request, GONE)
    return redirect("imports")


class ShownProfile(NamedTuple):
    """A profile in words."""

    row: ImportProfile
    shape: str
    columns: tuple[tuple[str, str], ...]
    written: tuple[str, ...]


@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """Every import profile: which files it is for, and what it says."""
    administrator_of(request)
    rows = ImportProfile.objects.select_related("created_by", "changed_by")
    return render(request, "followup/profiles.html", {"profiles": [_shown(row) for row in rows]})


def _shown(row: ImportProfile) -> ShownProfile:
    profile = row.profile
    columns = profile.columns()
    return ShownProfile(
        row,
        _shape_text(profile),
        tuple((columns.name(index), KIND_LABELS[kind]) for index, kind in enumerate(profile.kinds) if kind),
        tuple(_written(profile)),
    )


def _shape_text(profile: Profile) -> str:
    shape = profile.shape
    what = "Arbetsböcker" if shape.format == WORKBOOK else f"Textfiler med {SEPARATORS[shape.separator]}"
    told = f", och en rad ovanför den om {shape.told_unit}" if shape.told_unit else ""
    if shape.has_header:
        return f"{what}, där rubriken är ”{'; '.join(shape.header)}”{told}"
    return f"{what}, utan rubrikrad och med {len(shape.header)} kolumner"


def _written(profile: Profile) -> list[str]:
    """How what stands in the columns is written, where the profile says it."""
    told = ["Omvänt tecken: kredit är positivt"] if profile.is_reversed else ["Debet är positivt"]
    told.append(f"Belopp i {profile.unit}")
    if profile.decimal:
        told.append("Decimalkomma" if profile.decimal == "," else "Decimalpunkt")
    if profile.period_style:
        told.append(f"Perioden skrivs {profile.period_style.label}")
    if profile.date_style:
        told.append(f"Datumet skrivs {profile.date_style.label}")
    if profile.sheet:
        told.append(f"Bladet ”{profile.sheet}”, om flera passar")
    return told


@require_POST
def remove_profile(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator_of(request)
    try:
        removed = stored_profiles.remove(pk=pk, by=user)
    except Refused as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, f"Profilen ”{removed}” är borttagen. Det som är läst med den ändras inte.")
    return redirect("import-profiles")

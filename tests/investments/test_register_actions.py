"""Changing a project in its register: who may, who was first, and what stays in its history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from investments import actions
from investments.actions import Content
from investments.models import InvestmentProject
from sydit.access import GRANTS, Permission, Role
from sydit.errors import Refused, StaleEdit
from sydit.models import User
from sydit.periods import Month
from tests import factories
from tests.pages import text_of

TKR = 100_000  # öre

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    return factories.user(role=Role.ADMINISTRATOR, name="Karin Kollega")


@pytest.fixture
def project(keeper: User) -> InvestmentProject:
    owner = factories.municipality(name="Laxå")
    return actions.register_project(code="91001", content=Content("Nät", owner.pk, frame=500 * TKR), by=keeper)


def typed(project: InvestmentProject, **fields: str) -> dict[str, str]:
    stored = {
        "name": project.name,
        "municipality": str(project.municipality_id or ""),
        "responsible": project.responsible,
        "start_year": "",
        "end_year": "",
        "frame": "500",
        "version": str(project.version),
    }
    return {**stored, **{f"initial-{name}": value for name, value in stored.items() if name != "version"}, **fields}


def test_a_change_is_a_new_version_with_its_history(project: InvestmentProject, keeper: User) -> None:
    content = replace(Content.of(project), responsible="Åsa Ek", start_year=2024, end_year=2026)
    assert actions.edit_project(project=project, content=content, seen_version=1, by=keeper)
    assert not actions.edit_project(project=project, content=content, seen_version=1, by=keeper)
    stored = InvestmentProject.objects.get()
    assert (stored.version, stored.years, stored.responsible, stored.changed_by) == (2, "2024–2026", "Åsa Ek", keeper)
    assert [version.responsible for version in stored.history.all()] == ["Åsa Ek", ""]


def test_a_change_on_an_old_version_is_refused_and_tells_what_stands(project: InvestmentProject, keeper: User) -> None:
    first, second = (replace(Content.of(project), name=name) for name in ("Första", "Andra"))
    actions.edit_project(project=project, content=first, seen_version=1, by=keeper)
    with pytest.raises(StaleEdit, match=r"Karin Kollega .*det heter nu ”Första”.*det är nu Laxås.*total ram är nu 500"):
        actions.edit_project(project=project, content=second, seen_version=1, by=keeper)
    assert InvestmentProject.objects.get().name == "Första"


def test_what_cannot_be_is_refused(project: InvestmentProject, keeper: User) -> None:
    with pytest.raises(Refused, match="kan inte sluta 2023, innan det börjar 2024"):
        actions.edit_project(project=project, content=Content("Nät", None, "", 2024, 2023), seen_version=1, by=keeper)
    with pytest.raises(Refused, match="Projektkoden 91001 är redan registrerad"):
        actions.register_project(code="91001", content=Content("Igen"), by=keeper)
    with pytest.raises(Refused, match="Kommunen finns inte"):
        actions.edit_project(project=project, content=Content("Nät", 4711), seen_version=1, by=keeper)
    assert InvestmentProject.objects.get().version == 1


@pytest.mark.parametrize("role", [role for role in Role if Permission.KEEP_MASTER_DATA not in GRANTS[role]])
def test_other_roles_change_no_project(project: InvestmentProject, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        actions.edit_project(project=project, content=Content("X"), seen_version=1, by=factories.user(role=role))


def test_a_project_is_changed_in_the_browser(client: Client, project: InvestmentProject, keeper: User) -> None:
    client.force_login(keeper)
    page = f"/investeringar/{project.pk}/"
    data = typed(project, name="Nät i Laxå", municipality="", start_year="2024", frame="650,5")
    told = text_of(client.post(f"{page}andra/", data, follow=True)).replace("\xa0", " ")
    assert "Projektet är sparat." in told
    assert "Ändrat: namn, kommun, startår, total ram, av Karin Kollega" in told
    stored = InvestmentProject.objects.get()
    assert (stored.name, stored.municipality, stored.frame) == ("Nät i Laxå", None, 65_050_000)
    assert "Inget var ändrat" in text_of(client.post(f"{page}andra/", data | {"version": "2"}, follow=True))


def test_what_was_typed_on_an_old_version_stays_beside_what_is_stored(
    client: Client, project: InvestmentProject, keeper: User
) -> None:
    actions.edit_project(
        project=project, content=replace(Content.of(project), responsible="Bo"), seen_version=1, by=keeper
    )
    client.force_login(keeper)
    answer = client.post(f"/investeringar/{project.pk}/andra/", typed(project, name="Mitt namn"))
    assert answer.status_code == 409
    form = answer.context["form"]
    assert [form[name].value() for name in ("name", "responsible", "version")] == ["Mitt namn", "Bo", "2"]
    again = {name: form[name].value() for name in typed(project) if not name.startswith("initial-")}
    assert client.post(f"/investeringar/{project.pk}/andra/", again).status_code == 302
    assert InvestmentProject.objects.get().name == "Mitt namn"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"start_year": "24"}, "Skriv ett år mellan 2000 och 2100"),
        ({"start_year": "2024", "end_year": "2023"}, "kan inte sluta 2023"),
        ({"municipality": "4711"}, "Kommunen finns inte"),
        ({"name": ""}, "Skriv projektets namn."),
        ({"frame": "mycket"}, "mycket"),
    ],
)
def test_what_cannot_be_read_is_told_and_stays(
    client: Client, project: InvestmentProject, keeper: User, fields: dict[str, str], told: str
) -> None:
    client.force_login(keeper)
    answer = client.post(f"/investeringar/{project.pk}/andra/", typed(project, **{"responsible": "Bo", **fields}))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert answer.context["form"]["responsible"].value() == "Bo"


def test_a_new_project_is_registered_in_the_browser_once(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    data = {"code": "91009", "name": "Nytt", "frame": "10", "version": "0"}
    assert "Projektet 91009 Nytt är registrerat" in text_of(client.post("/investeringar/nytt/", data, follow=True))
    again = client.post("/investeringar/nytt/", data)
    assert (again.status_code, again.context["form"]["name"].value()) == (409, "Nytt")
    assert client.post("/investeringar/nytt/", {**data, "code": "a/b"}).status_code == 422
    assert InvestmentProject.objects.count() == 1


def test_a_project_s_page_costs_the_same_whatever_its_history(
    client: Client, project: InvestmentProject, keeper: User, django_assert_num_queries: object
) -> None:
    client.force_login(keeper)
    page = f"/investeringar/{project.pk}/"
    factories.follow_up()
    with django_assert_num_queries(10):
        client.get(page)
    for month in range(1, 7):
        forecast = project.forecasts.model(follow_up=factories.follow_up(month=Month(2025, month)), project=project)
        forecast.amount = month * TKR
        forecast.save_version(by=keeper)
    with django_assert_num_queries(10):
        told = text_of(client.get(page))
    assert told.index("juni 2025") < told.index("maj 2025")


def test_a_project_s_page_needs_no_follow_up(client: Client, project: InvestmentProject) -> None:
    client.force_login(factories.user(role=Role.SECRETARY))
    told = text_of(client.get(f"/investeringar/{project.pk}/"))
    assert "Ingen huvudbok är importerad ännu." in told
    assert "Ändra" not in told


def test_what_the_admin_refuses_is_told_and_not_an_error(
    client: Client, project: InvestmentProject, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(*args: object, **kwargs: object) -> None:
        raise Refused("Någon annan var först.")

    monkeypatch.setattr("sydit.master_data.save", first)
    client.force_login(keeper)
    address = f"/admin/investments/investmentproject/{project.pk}/change/"
    assert "Någon annan var först." in text_of(client.post(address, {"position": "7"}, follow=True))


def test_the_admin_decides_only_the_order_of_the_projects(
    client: Client, project: InvestmentProject, keeper: User
) -> None:
    client.force_login(keeper)
    address = f"/admin/investments/investmentproject/{project.pk}/change/"
    assert client.post(address, {"name": "Annat", "frame": "1", "position": "7"}).status_code == 302
    stored = InvestmentProject.objects.get()
    assert (stored.name, stored.frame, stored.position, stored.version) == ("Nät", 500 * TKR, 7, 2)
    assert client.get("/admin/investments/investmentproject/add/").status_code == 403
    assert client.get("/admin/investments/projectbudgetentry/add/").status_code == 403

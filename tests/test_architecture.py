"""The arrows of the house go one way, and some things stand in one place only (DESIGN: docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
CODE = [
    path
    for folder in ("sydit", "followup", "decisions", "investments")
    for path in sorted((TOP / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    """The modules a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(module: str) -> bool:
    return module.split(".")[0] in {"sydit", "followup", "decisions", "investments"}


def files(*prefixes: str) -> list[Path]:
    chosen = [path for path in CODE if name_of(path).startswith(prefixes)]
    assert chosen, prefixes
    return chosen


@pytest.mark.parametrize("module", ["sydit.money", "sydit.periods"])
def test_money_and_periods_import_nothing_of_ours(module: str) -> None:
    (path,) = [path for path in CODE if name_of(path) == module]
    assert not [name for name in imports_of(path) if ours(name)]


def test_the_report_document_knows_neither_django_nor_the_apps() -> None:
    (path,) = [path for path in CODE if name_of(path) == "sydit.report.document"]
    allowed = ("sydit.money", "sydit.periods")
    assert not [name for name in imports_of(path) if name.startswith("django")]
    assert not [name for name in imports_of(path) if ours(name) and not name.startswith(allowed)]


@pytest.mark.parametrize("path", files("followup"), ids=name_of)
def test_followup_never_imports_decisions_or_investments(path: Path) -> None:
    assert not [name for name in imports_of(path) if name.split(".")[0] in {"decisions", "investments"}]


@pytest.mark.parametrize("path", files("decisions", "investments"), ids=name_of)
def test_decisions_and_investments_do_not_know_each_other(path: Path) -> None:
    other = {"decisions": "investments", "investments": "decisions"}[name_of(path).split(".")[0]]
    assert not [name for name in imports_of(path) if name.split(".")[0] == other]


PURE = (
    "followup.budget_year",
    "followup.economy",
    "followup.thresholds",
    "followup.classify",
    "investments.economy",
    "sydit.report.difference",
    "sydit.report.document",
    "sydit.money",
)
WITH_DATABASE = {
    f"followup.ledger.{name}" for name in ("load", "entries", "files", "undo", "preview", "profiles", "unmapped")
}
PARSERS = [
    path
    for path in files("followup.ledger")
    if name_of(path) not in WITH_DATABASE and name_of(path) != "followup.ledger"
]


@pytest.mark.parametrize("path", [*files(*PURE), *PARSERS], ids=name_of)
def test_arithmetic_and_parsers_know_no_orm_request_or_html(path: Path) -> None:
    assert not [name for name in imports_of(path) if name.startswith(("django", "followup.models", "followup.actuals"))]


@pytest.mark.parametrize("path", [path for path in CODE if name_of(path) != "sydit.money"], ids=name_of)
def test_the_factors_of_money_stand_in_the_money_module_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
            for side in (node.left, node.right):
                factor = side.value if isinstance(side, ast.Constant) else None
                assert factor not in {100, 1000, 100_000}, f"line {node.lineno}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_float_is_made_and_nothing_is_caught_blindly(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"), f"line {node.lineno}"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}"
            assert getattr(node.type, "id", "") not in {"Exception", "BaseException"}, f"line {node.lineno}"

"""The economy's tables: the plan of a year, the ledger, and the follow-up with what is entered in it."""

from followup.models.followup import FollowUp, Forecast, ForecastBase, ReportText
from followup.models.ledger import (
    Account,
    LedgerEntry,
    LedgerFile,
    LedgerFilePiece,
    LedgerImport,
    LedgerMonth,
    MonthlyActual,
    Project,
)
from followup.models.measures import Measure
from followup.models.parts import PartReady
from followup.models.plan import AccountRule, BudgetEntry, CostCategory, FiscalYear
from followup.models.profiles import ImportProfile, UnmappedFile

__all__ = [
    "Account",
    "AccountRule",
    "BudgetEntry",
    "CostCategory",
    "FiscalYear",
    "FollowUp",
    "Forecast",
    "ForecastBase",
    "ImportProfile",
    "LedgerEntry",
    "LedgerFile",
    "LedgerFilePiece",
    "LedgerImport",
    "LedgerMonth",
    "Measure",
    "MonthlyActual",
    "PartReady",
    "Project",
    "ReportText",
    "UnmappedFile",
]

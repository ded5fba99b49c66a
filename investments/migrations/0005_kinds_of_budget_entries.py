from django.db import migrations


def later_entries_are_adjustments(apps, schema_editor):
    """An entry did not say what it was: a subject's first of the year is its original budget, later ones change it."""
    entries = apps.get_model("investments", "ProjectBudgetEntry").objects.order_by("id")
    seen, later = set(), []
    for pk, *subject in entries.values_list("pk", "project_id", "fiscal_year_id"):
        if tuple(subject) in seen:
            later.append(pk)
        seen.add(tuple(subject))
    entries.filter(pk__in=later).update(kind="adjustment")


class Migration(migrations.Migration):

    dependencies = [
        ("investments", "0004_budget_by_month"),
    ]

    operations = [
        migrations.RunPython(later_entries_are_adjustments, migrations.RunPython.noop),
    ]

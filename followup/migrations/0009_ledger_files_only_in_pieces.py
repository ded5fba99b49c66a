from django.db import migrations


class Migration(migrations.Migration):
    """By itself: PostgreSQL alters no table in a transaction that has written rows which refer to it."""

    dependencies = [("followup", "0008_ledger_files_in_pieces")]

    operations = [migrations.RemoveField(model_name="ledgerfile", name="compressed")]

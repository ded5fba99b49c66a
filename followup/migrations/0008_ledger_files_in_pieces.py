import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followup", "0007_parts_marked_ready")]

    operations = [
        migrations.CreateModel(
            name="LedgerFilePiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="nummer")),
                ("packed", models.BinaryField(verbose_name="innehåll")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="followup.ledgerfile",
                        verbose_name="fil",
                    ),
                ),
            ],
            options={
                "verbose_name": "del av huvudboksfil",
                "verbose_name_plural": "delar av huvudboksfiler",
                "ordering": ["file", "number"],
                "constraints": [models.UniqueConstraint(fields=("file", "number"), name="piece_once_a_file")],
            },
        ),
        # What was stored whole becomes a file of one piece.
        migrations.RunSQL(
            "INSERT INTO followup_ledgerfilepiece (file_id, number, packed) "
            "SELECT sha256, 0, compressed FROM followup_ledgerfile",
            migrations.RunSQL.noop,
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_economy")]

    operations = [
        migrations.AddField(
            model_name="ledgerimport",
            name="disagreement",
            field=models.TextField(blank=True, default="", verbose_name="avvikelse"),
            preserve_default=False,
        ),
    ]

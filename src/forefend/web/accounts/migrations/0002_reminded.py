"""Reminders whose day was missed leave on the next, so it is kept which day was the last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="instance",
            name="reminded_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]

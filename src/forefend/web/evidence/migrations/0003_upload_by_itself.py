"""A file comes in before it is said what it is evidence of; it is known again by its fingerprint."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Uploads stand by themselves."""

    dependencies: ClassVar = [("evidence", "0002_refusals")]
    operations: ClassVar = [
        migrations.RemoveField(model_name="upload", name="evidence"),
        migrations.AddField(model_name="upload", name="fingerprint", field=models.CharField(max_length=200, blank=True, default="")),
    ]

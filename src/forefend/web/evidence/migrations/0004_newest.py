"""The newest evidence is found without looking at all of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index in the order of the list."""

    dependencies: ClassVar = [("evidence", "0003_upload_by_itself")]
    operations: ClassVar = [
        migrations.AddIndex(model_name="evidence", index=models.Index(fields=["-added_at", "-id"], name="evidence_newest")),
    ]

"""When a letter was last taken up by who sends it, and whether its text is forgotten once it is sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns for sending."""

    dependencies: ClassVar = [("letters", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(model_name="letter", name="tried_at", field=models.DateTimeField(null=True, blank=True)),
        migrations.AddField(model_name="letter", name="is_forgotten_when_sent", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["made_at"], condition=models.Q(sent_at__isnull=True), name="letter_to_send"),
        ),
    ]

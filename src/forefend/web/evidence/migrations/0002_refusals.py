"""Versions of evidence are only appended."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from forefend.web.project.triggers import only_appended


class Migration(migrations.Migration):
    """Triggers on versions."""

    dependencies: ClassVar = [("evidence", "0001_initial")]
    operations: ClassVar = [only_appended("evidence_version")]

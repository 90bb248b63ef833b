"""The head of the chain, and the refusal to change what is recorded. Sealed rows may be removed from the front."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from forefend.web.project.triggers import only_appended


def make_head(apps: Any, editor: Any) -> None:
    """Make the one row that says where the chain ends."""
    apps.get_model("audit", "Head").objects.using(editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    """Head and triggers."""

    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(make_head, migrations.RunPython.noop),
        only_appended("audit_entry", delete_when="EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.upto >= OLD.number)"),
        only_appended("audit_seal"),
    ]

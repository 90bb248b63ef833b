"""What the database refuses: stages that do not follow one another, and changes of what is only appended."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from forefend.web.project.triggers import moves_only, only_appended

ROUND = (
    ("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted"), ("submitted", "reviewed"),
    ("reviewed", "returned"), ("reviewed", "adopted"), ("adopted", "archived"),
)  # fmt: skip
CONTRIBUTION = (
    ("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted"), ("submitted", "reviewed"), ("reviewed", "returned"),
)  # fmt: skip


class Migration(migrations.Migration):
    """Triggers on stages and on what is only appended."""

    dependencies: ClassVar = [("assessment", "0001_initial")]
    operations: ClassVar = [
        moves_only("assessment_round", column="stage", pairs=ROUND),
        moves_only("assessment_contribution", column="stage", pairs=CONTRIBUTION),
        only_appended("assessment_answerversion"),
        only_appended("assessment_remark"),
        only_appended("assessment_ruling"),
        only_appended("assessment_adoption"),
        only_appended("assessment_edition"),
    ]

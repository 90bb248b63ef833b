"""Results of one round differ after a change in that round alone, so it is kept for each which change was the last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_moved"),
    ]

    operations = [
        migrations.CreateModel(
            name="Moved",
            fields=[
                ("about", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
    ]

"""The act and the file of a ranking stand with its versions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0004_versions_of_rankings")]
    operations = [
        migrations.DeleteModel("FormerPlacement"),
        migrations.RemoveConstraint("ranking", "a_published_ranking_has_its_act"),
        migrations.RemoveField("ranking", "act_date"),
        migrations.RemoveField("ranking", "act_number"),
        migrations.RemoveField("ranking", "pdf"),
        migrations.RemoveField("ranking", "published_at"),
    ]

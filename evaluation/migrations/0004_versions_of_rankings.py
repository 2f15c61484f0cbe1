"""What was published before there were versions becomes the first version of its ranking."""

from django.db import migrations


def to_versions(apps, editor):
    model = lambda name: apps.get_model("evaluation", name)  # noqa: E731
    for ranking in model("Ranking").objects.exclude(published_at=None):
        step = model("RankingStep").objects.filter(row=ranking, act="publish").order_by("pk").last()
        version = model("RankingVersion").objects.create(
            ranking=ranking,
            number=1,
            kind="final",
            content=ranking.content,
            sha256=ranking.sha256,
            act_number=ranking.act_number,
            act_date=ranking.act_date,
            published_at=ranking.published_at,
            published_by_id=step.by_id,
        )
        if ranking.pdf_id:
            model("RankingFile").objects.create(version=version, pdf_id=ranking.pdf_id)
        model("Placement").objects.bulk_create(
            [
                model("Placement")(
                    version=version,
                    application_id=former.application_id,
                    position=former.position,
                    outcome=former.outcome,
                    total=former.total,
                )
                for former in model("FormerPlacement").objects.filter(ranking=ranking).order_by("pk")
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_sessions_versions_draws")]
    operations = [migrations.RunPython(to_versions, migrations.RunPython.noop)]

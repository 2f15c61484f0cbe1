from django.db import migrations


def lead_of_each_application(apps, schema_editor):
    """Applications started before have their body as the only participant, and it counts in those that were sent."""
    participant = apps.get_model("applications", "Participant")
    for application in apps.get_model("applications", "Application").objects.select_related("organisation").iterator():
        participant.objects.create(
            application=application,
            call_id=application.call_id,
            area_code=application.area_code,
            organisation=application.organisation,
            is_lead=True,
            name=application.organisation.name,
            invited_by_id=application.created_by_id,
            invited_at=application.created_at,
            joined_by_id=application.created_by_id,
            joined_at=application.created_at,
            counts=application.state not in ("draft", "withdrawn"),
        )


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0003_people_evidence_completion"),
    ]

    operations = [
        migrations.RunPython(lead_of_each_application, migrations.RunPython.noop),
    ]

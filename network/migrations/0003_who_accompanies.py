from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A partner of before that was given no Spazio to plan is one for the method."""
    apps.get_model("network", "Partnership").objects.filter(spaces=None).update(accompanies=True)


class Migration(migrations.Migration):
    dependencies = [("network", "0002_the_network")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]

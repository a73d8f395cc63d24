from django.db import migrations, models

import backend.members.models
from backend.members import towns


def name_regions(apps, schema_editor):
    members = apps.get_model("members", "Member").objects.using(schema_editor.connection.alias)
    for city, country in members.exclude(city="").values_list("city", "country").order_by().distinct():
        town = towns.town(city, country)
        if town is not None and town.region:
            members.filter(city=city, country=country).update(region=town.region)


class Migration(migrations.Migration):
    dependencies = [("members", "0003_reach")]

    operations = [
        migrations.AddField("member", "region", backend.members.models.RegionOfTown(default="", editable=False, max_length=6)),
        migrations.AddIndex("member", models.Index(fields=["region", "id"], name="member_by_region")),
        migrations.RunPython(name_regions, migrations.RunPython.noop),
    ]

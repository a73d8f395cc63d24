import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.members.models
from backend.members import towns


def place_members(apps, schema_editor):
    members = apps.get_model("members", "Member").objects.using(schema_editor.connection.alias)
    for city, country in set(members.exclude(city="").values_list("city", "country")):
        if (town := towns.town(city, country)) is not None:
            x, y, z = towns.on_sphere(town.point)
            members.filter(city=city, country=country).update(x=x, y=y, z=z)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="WorkCountry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=2)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="works_in", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["code"],
                "indexes": [models.Index(fields=["code", "member"], name="who_works_there")],
                "constraints": [models.UniqueConstraint(fields=("member", "code"), name="a_country_is_worked_in_once")],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="seen_abroad",
            field=models.CharField(choices=[("everything", "Everything"), ("work", "name, country, work and languages"), ("nothing", "Nothing")], default="everything", max_length=10),
        ),
        migrations.AddField("member", "x", backend.members.models.Coordinate(editable=False, null=True)),
        migrations.AddField("member", "y", backend.members.models.Coordinate(editable=False, null=True)),
        migrations.AddField("member", "z", backend.members.models.Coordinate(editable=False, null=True)),
        migrations.AddIndex("member", models.Index(fields=["z", "x", "y"], name="member_by_place")),
        migrations.AddIndex("spokenlanguage", models.Index(fields=["code", "level", "member"], name="who_speaks_it")),
        migrations.RunPython(place_members, migrations.RunPython.noop),
    ]

from django.db import migrations, models
from django.db.models import Case, OuterRef, Subquery, Sum, When

import backend.members.derived
from backend.members import towns


def lay_tiles(apps, schema_editor):
    members = apps.get_model("members", "Member").objects.using(schema_editor.connection.alias)
    for city, country in members.exclude(city="").values_list("city", "country").order_by().distinct():
        if (town := towns.town(city, country)) is not None:
            members.filter(city=city, country=country).update(tile=towns.tile(town.point))


def note_weekdays(apps, schema_editor):
    using = schema_editor.connection.alias
    hours = apps.get_model("members", "FreeHours").objects.using(using).filter(member=OuterRef("pk"))
    bit = Case(*(When(weekday=day, then=1 << day) for day in range(7)))
    days = hours.order_by().values("member").annotate(days=Sum(bit, distinct=True)).values("days")
    members = apps.get_model("members", "Member").objects.using(using)
    members.filter(free_hours__isnull=False).update(free_weekdays=Subquery(days))


class Migration(migrations.Migration):
    dependencies = [("members", "0004_regions")]

    operations = [
        migrations.AddField("member", "tile", backend.members.derived.TileOfTown(editable=False, null=True)),
        migrations.RemoveIndex("member", "member_by_place"),
        migrations.AddIndex("member", models.Index(fields=["tile", "id"], name="member_by_tile")),
        migrations.AddField("member", "free_weekdays", backend.members.derived.FreeWeekdays(default=0, editable=False, help_text="A bit for each day with hours; Monday is 1.")),
        migrations.RunPython(note_weekdays, migrations.RunPython.noop),
        migrations.RunPython(lay_tiles, migrations.RunPython.noop),
    ]

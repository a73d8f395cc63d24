import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_found_quickly"), ("skills", "0001_tables")]

    operations = [
        migrations.AddIndex("offer", models.Index(fields=["skill", "member"], name="who_offers_it")),
        migrations.AlterField("offer", "skill", models.ForeignKey("skills.skill", django.db.models.deletion.PROTECT, related_name="offers", db_index=False)),
    ]

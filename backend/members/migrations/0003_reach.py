import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0002_across_borders")]

    operations = [
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("member", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=32)),
                ("link", models.CharField(blank=True, help_text="https: of a messenger or a page.", max_length=300)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("email", ""), ("link", ""), ("telephone", ""), _negated=True), name="who_can_be_reached_has_said_how")],
            },
        ),
    ]

from importlib import import_module

from django.db import migrations, models

import backend.bookings.models.resources

guard = import_module("backend.bookings.migrations.0002_refuse_overlaps")


class Migration(migrations.Migration):

    dependencies = [('bookings', '0004_fill_items_and_codes')]

    operations = [
        migrations.RunPython(guard.allow, guard.refuse),
        migrations.AlterField(
            model_name='resource',
            name='code',
            field=models.CharField(default=backend.bookings.models.resources.new_code, editable=False, help_text='On its label.', max_length=8, unique=True),
        ),
        migrations.RunPython(guard.refuse, guard.allow),
    ]

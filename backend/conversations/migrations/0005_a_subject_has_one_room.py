from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0004_fill_access_and_words'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='room',
            constraint=models.UniqueConstraint(condition=models.Q(('about_id__isnull', False)), fields=('kind', 'about_kind', 'about_id'), name='a_subject_has_one_room_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='room',
            constraint=models.CheckConstraint(condition=models.Q(('slow_seconds__lte', 3600)), name='slow_mode_is_an_hour_at_most'),
        ),
    ]

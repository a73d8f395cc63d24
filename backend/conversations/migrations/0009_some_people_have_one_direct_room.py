from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0008_fill_people_of_direct_rooms'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='room',
            constraint=models.UniqueConstraint(condition=models.Q(('direct_of', ''), _negated=True), fields=('direct_of',), name='some_people_have_one_direct_room'),
        ),
    ]

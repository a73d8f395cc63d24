from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0006_own_rankings'),
    ]

    operations = [
        migrations.AddField(
            model_name='participant',
            name='at_least',
            field=models.PositiveSmallIntegerField(default=0, help_text='So many mentees a run must give them, as a guide.'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('at_least', 0), ('role', 'mentor'), _connector='OR'), name='only_guides_must_be_given_mentees'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0006_words_can_be_searched'),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='direct_of',
            field=models.CharField(blank=True, default='', help_text='Ids of the people of a direct room, in order.', max_length=200),
            preserve_default=False,
        ),
    ]

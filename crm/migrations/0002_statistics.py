from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_records")]

    operations = [
        # How many posts have no end: without it PostgreSQL guesses one in two hundred.
        migrations.RunSQL(
            "CREATE STATISTICS crm_posts_ended ON (upper(during)) FROM crm_position",
            "DROP STATISTICS crm_posts_ended",
        ),
        # How many notes hold a word, asked as `icontains` asks: it guessed hardly any.
        migrations.RunSQL(
            "CREATE STATISTICS crm_notes_said ON (upper(text)) FROM crm_note",
            "DROP STATISTICS crm_notes_said",
        ),
    ]

"""What each member lists, as one array with an inverted index: PostgreSQL alone (see `facets.py`)."""

from django.db import migrations

LISTS = ("members_offer", "members_member_sectors", "members_spokenlanguage")
# Whoever is changed is held first, and read anew by a statement of its own: of two at once the second sees what the first wrote.
POSTGRESQL = """
ALTER TABLE members_member ADD COLUMN facets text[] NOT NULL DEFAULT '{}';
CREATE FUNCTION members_keep_facets(who bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM members_member WHERE id = ANY (who) ORDER BY id FOR NO KEY UPDATE;
    UPDATE members_member member SET facets = ARRAY(
        SELECT 'skill:' || skill_id FROM members_offer WHERE member_id = member.id
        UNION ALL SELECT 'sector:' || sector_id FROM members_member_sectors WHERE member_id = member.id
        UNION ALL SELECT 'speaks:' || code || ':' || level FROM members_spokenlanguage WHERE member_id = member.id
    ) WHERE id = ANY (who);
END $$;
CREATE FUNCTION members_facets_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_keep_facets(ARRAY(SELECT DISTINCT member_id FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION members_facets_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_keep_facets(ARRAY(SELECT member_id FROM former UNION SELECT member_id FROM changed));
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER facets_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_facets_changed();
CREATE TRIGGER facets_removed AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_facets_changed();
CREATE TRIGGER facets_moved AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION members_facets_moved();
"""
EVERYONE = "SELECT members_keep_facets(ARRAY(SELECT id FROM members_member))"
# Written at once: hours of a list that waits to be sorted in would be hours of slow searches.
INDEX = "CREATE INDEX member_facets ON members_member USING gin (facets) WITH (fastupdate = off)"


def keep(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(POSTGRESQL)
            for table in LISTS:
                cursor.execute(TRIGGERS.format(table=table))
            cursor.execute(EVERYONE)
            cursor.execute(INDEX)


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for table in LISTS:
                for trigger in ("facets_added", "facets_removed", "facets_moved"):
                    cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
            cursor.execute("DROP FUNCTION members_facets_moved(), members_facets_changed(), members_keep_facets(bigint[])")
            cursor.execute("ALTER TABLE members_member DROP COLUMN facets")


class Migration(migrations.Migration):
    dependencies = [("members", "0006_who_offers_it")]

    operations = [migrations.RunPython(keep, forget)]

"""final_rows"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

SAID = (
    'product_id, version, sku, name, description, price_minor, currency, category, attributes, picture, content_hash, author_id'
)
# A REPLACE deletes without the triggers of DELETE (SQLite, "recursive_triggers"), so no row may take another's place.
SQLITE = (
    "CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions"
    " WHEN EXISTS (SELECT 1 FROM decisions WHERE business_id = NEW.business_id AND seq = NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'decisions are final'); END",
    "CREATE TRIGGER decision_anchors_no_replace BEFORE INSERT ON decision_anchors"
    " WHEN EXISTS (SELECT 1 FROM decision_anchors WHERE business_id = NEW.business_id AND seq = NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'decision_anchors are final'); END",
    "CREATE TRIGGER decision_anchors_no_update BEFORE UPDATE ON decision_anchors"
    " BEGIN SELECT RAISE(ABORT, 'decision_anchors are final'); END",
    "CREATE TRIGGER decision_anchors_no_delete BEFORE DELETE ON decision_anchors"
    " BEGIN SELECT RAISE(ABORT, 'decision_anchors are final'); END",
    "CREATE TRIGGER revisions_no_replace BEFORE INSERT ON revisions"
    " WHEN EXISTS (SELECT 1 FROM revisions WHERE product_id = NEW.product_id AND version = NEW.version)"
    " BEGIN SELECT RAISE(ABORT, 'revisions are final'); END",
    f"CREATE TRIGGER revisions_no_other_words BEFORE UPDATE OF {SAID} ON revisions"
    " BEGIN SELECT RAISE(ABORT, 'revisions are final'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION rows_are_final() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% are final', TG_TABLE_NAME; END $$",
    "CREATE TRIGGER decisions_whole BEFORE TRUNCATE ON decisions EXECUTE FUNCTION rows_are_final()",
    "CREATE TRIGGER decision_anchors_whole BEFORE TRUNCATE ON decision_anchors EXECUTE FUNCTION rows_are_final()",
    "CREATE TRIGGER decision_anchors_final BEFORE UPDATE OR DELETE ON decision_anchors"
    " FOR EACH ROW EXECUTE FUNCTION rows_are_final()",
    f"CREATE TRIGGER revisions_final BEFORE UPDATE OF {SAID} ON revisions"
    " FOR EACH ROW EXECUTE FUNCTION rows_are_final()",
)


def upgrade():
    for statement in POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION rows_are_final() CASCADE')
        return
    for statement in reversed(SQLITE):
        op.execute(f"DROP TRIGGER {statement.split()[2]}")

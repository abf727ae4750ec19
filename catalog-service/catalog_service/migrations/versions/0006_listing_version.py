"""listing_version"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TABLES = ('listings', 'listing_marks', 'listing_businesses')
RAISE = 'UPDATE listing_version SET number = number + 1'
POSTGRESQL = (
    'CREATE FUNCTION raise_listing_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
    f' {RAISE}; RETURN NULL; END $$'
)


def upgrade():
    op.create_table('listing_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_version'))
    )
    op.execute('INSERT INTO listing_version (id, number) VALUES (1, 0)')
    if op.get_bind().dialect.name == 'sqlite':
        for table in TABLES:
            for event in ('INSERT', 'UPDATE', 'DELETE'):
                op.execute(f'CREATE TRIGGER {table}_version_{event.lower()} AFTER {event} ON {table} BEGIN {RAISE}; END')
        return
    op.execute(POSTGRESQL)
    for table in TABLES:
        op.execute(
            f'CREATE TRIGGER {table}_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}'
            ' FOR EACH STATEMENT EXECUTE FUNCTION raise_listing_version()'
        )


def downgrade():
    if op.get_bind().dialect.name == 'sqlite':
        for table in TABLES:
            for event in ('insert', 'update', 'delete'):
                op.execute(f'DROP TRIGGER {table}_version_{event}')
    else:
        op.execute('DROP FUNCTION raise_listing_version() CASCADE')
    op.drop_table('listing_version')

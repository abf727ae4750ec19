"""search_leaves_sql

Words are looked up in an index of their own, so what SQL kept for them goes: full-text tables, totals, places, labels,
and the triggers and indexes that served them. The last migration of a start, since on PostgreSQL readers wait from here
to its end.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

TABLES = ('listing_groups', 'listing_places', 'listing_totals', 'listing_words', 'listing_version')
INDEXES = (
    'uq_listings_price_place',
    'ix_listings_business_id_price_place',
    'ix_listings_category_price_place',
    'ix_listings_currency_price_place',
    'ix_listings_currency_seq',
    'ix_listings_currency_name_sort_seq',
    'ix_listings_by_seq',
    'ix_listings_by_name',
    'ix_listings_by_price',
)
COLUMNS = ('price_sort', 'price_place', 'words')
VERSIONED = ('listings', 'listing_marks', 'listing_businesses')


def upgrade():
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        _lock(connection)
        op.execute('DROP TABLE listing_search')
        for function in ('raise_listing_version', 'listing_place', 'listing_keys'):
            op.execute(f'DROP FUNCTION {function}() CASCADE')
    else:
        for table in VERSIONED:
            for event in ('insert', 'update', 'delete'):
                op.execute(f'DROP TRIGGER {table}_version_{event}')
        op.execute('DROP TABLE listing_search')
        op.execute('DROP TABLE listing_search_prices')
    for table in TABLES:
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, 'listings')
    for column in COLUMNS:
        op.drop_column('listings', column)
    op.drop_column('listing_marks', 'name')


def _lock(connection):
    """Takes the tables when they are free. Who waits for a lock keeps everybody after it waiting, so it waits briefly."""
    while True:
        try:
            with connection.begin_nested():
                connection.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
                connection.execute(sa.text('LOCK TABLE listings, listing_marks, listing_businesses IN ACCESS EXCLUSIVE MODE'))
            break
        except sa.exc.OperationalError:
            time.sleep(0.3)
    connection.execute(sa.text('SET LOCAL lock_timeout = 0'))


def downgrade():
    raise NotImplementedError('what was dropped was made of the listings: restore a backup, or go on')

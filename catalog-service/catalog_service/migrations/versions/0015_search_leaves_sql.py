"""search_leaves_sql

Words are looked up in an index of their own, so what SQL kept for them goes: full-text tables, totals, places, labels,
and the triggers and indexes that served them. The last migration of a start, since on PostgreSQL readers wait from here
to its end.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

GROUP = 'business_id BIGINT NOT NULL, category VARCHAR(64) NOT NULL, currency VARCHAR(3) NOT NULL'
COUNTS = 'listed INTEGER NOT NULL, min_price BIGINT NOT NULL, max_price BIGINT NOT NULL'
TABLES = {
    'listing_groups': f'{GROUP}, {COUNTS}, number BIGINT, PRIMARY KEY (business_id, category, currency)',
    'listing_places': 'price_place BIGINT NOT NULL PRIMARY KEY, group_no BIGINT NOT NULL',
    'listing_totals': f'kind VARCHAR(32) NOT NULL, {GROUP}, {COUNTS}, PRIMARY KEY (kind, business_id, category, currency)',
    'listing_words': 'word TEXT NOT NULL PRIMARY KEY',
    'listing_version': 'id BIGINT NOT NULL PRIMARY KEY, number BIGINT NOT NULL',
}
INDEXES = {
    'uq_listings_price_place': ['price_place'],
    'ix_listings_business_id_price_place': ['business_id', 'price_place'],
    'ix_listings_category_price_place': ['category', 'price_place'],
    'ix_listings_currency_price_place': ['currency', 'price_place'],
    'ix_listings_currency_seq': ['currency', 'seq'],
    'ix_listings_currency_name_sort_seq': ['currency', 'name_sort', 'seq'],
    'ix_listings_by_seq': ['seq', 'price_place', 'business_id'],
    'ix_listings_by_name': ['name_sort', 'seq', 'price_place', 'business_id'],
    'ix_listings_by_price': [
        'price_place', 'business_id', 'category', 'currency', 'price_minor', 'seq', 'name_sort'
    ],
}
RAISE = 'UPDATE listing_version SET number = number + 1'
POSTGRESQL = (
    'CREATE FUNCTION raise_listing_version() RETURNS trigger LANGUAGE plpgsql AS'
    f' $$ BEGIN {RAISE}; RETURN NULL; END $$',
    'CREATE FUNCTION listing_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'CREATE FUNCTION listing_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'CREATE TABLE listing_search (seq BIGINT NOT NULL CONSTRAINT listing_search_pkey PRIMARY KEY, words TSVECTOR NOT NULL,'
    ' business_id BIGINT, category VARCHAR(64), currency VARCHAR(3), price_minor BIGINT, price_place BIGINT,'
    ' name_sort TEXT COLLATE "C")',
    'CREATE INDEX ix_listing_search_words ON listing_search USING gin (words, (ARRAY[seq >> 14]))',
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
    """The tables as they were, empty: what the version before needs to publish again, and finds of what it publishes."""
    op.add_column('listing_marks', sa.Column('name', sa.String(length=200), nullable=True))
    op.add_column('listings', sa.Column('price_sort', sa.BigInteger(), nullable=False, server_default='0'))
    op.add_column('listings', sa.Column('price_place', sa.BigInteger(), nullable=True))
    op.add_column('listings', sa.Column('words', sa.Text(), nullable=False, server_default=''))
    for name, columns in INDEXES.items():
        op.create_index(name, 'listings', columns, unique=name.startswith('uq_'))
    for name, columns in TABLES.items():
        op.execute(f'CREATE TABLE {name} ({columns})')
    op.create_index('uq_listing_groups_number', 'listing_groups', ['number'], unique=True)
    op.create_index('ix_listing_places_group_no_price_place', 'listing_places', ['group_no', 'price_place'])
    op.create_index('ix_listing_totals_category', 'listing_totals', ['kind', 'category', 'currency', 'business_id'])
    op.execute('INSERT INTO listing_version (id, number) VALUES (1, 0)')
    if op.get_bind().dialect.name == 'postgresql':
        for statement in POSTGRESQL:
            op.execute(statement)
        return
    for table in VERSIONED:
        for event in ('INSERT', 'UPDATE', 'DELETE'):
            op.execute(f'CREATE TRIGGER {table}_version_{event.lower()} AFTER {event} ON {table} BEGIN {RAISE}; END')
    for index in ('listing_search', 'listing_search_prices'):
        op.execute(
            f"CREATE VIRTUAL TABLE {index} USING"
            " fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3')"
        )
        op.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('crisismerge', 500)")

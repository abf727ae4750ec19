"""listings_at_a_million

Labels of groups are new: a category named like a currency had the same label as that currency.
"""

from functools import lru_cache
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_listings_business_id_price_place': ['business_id', 'price_place'],
    'ix_listings_business_id_name_sort_seq': ['business_id', 'name_sort', 'seq'],
    'ix_listings_category_price_place': ['category', 'price_place'],
    'ix_listings_category_name_sort_seq': ['category', 'name_sort', 'seq'],
    'ix_listings_currency_seq': ['currency', 'seq'],
    'ix_listings_currency_price_place': ['currency', 'price_place'],
    'ix_listings_currency_name_sort_seq': ['currency', 'name_sort', 'seq'],
    'ix_listings_by_seq': ['seq', 'price_place', 'business_id'],
    'ix_listings_by_name': ['name_sort', 'seq', 'price_place', 'business_id'],
    'ix_listings_by_price': ['price_place', 'business_id', 'category', 'currency', 'price_minor', 'seq', 'name_sort'],
}
REPLACED = {
    'ix_listings_price_sort_seq': ['price_sort', 'seq'],
    'ix_listings_name_sort_seq': ['name_sort', 'seq'],
    'ix_listings_category_price_sort_seq': ['category', 'price_sort', 'seq'],
    'ix_listings_currency_price_sort_seq': ['currency', 'price_sort', 'seq'],
}
DIMENSIONS = ('business_id', 'category', 'currency')
PARTS = (
    ('business_id',),
    ('category',),
    ('currency',),
    ('business_id', 'category'),
    ('business_id', 'currency'),
    ('category', 'currency'),
)
# Two listings of one price get the same place only where 8,388,608 publications lie between them.
PLACES = 'UPDATE listings SET price_place = (price_sort << 23) | (seq & 8388607)'
# In the order of prices; see 0001 for the tokenizer.
SQLITE = "CREATE VIRTUAL TABLE listing_search_prices USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3')"
LABELS = ', '.join(
    "chr(57856) || left(encode(sha256(convert_to(concat_ws('|', '{}', {}), 'UTF8')), 'hex'), 16)".format(
        ','.join(names), ', '.join(f'l.{name}' for name in names)
    )
    for names in (*PARTS, DIMENSIONS)
)
KEYS = 'business_id, category, currency, price_minor, price_place, name_sort'
POSTGRESQL = (
    'CREATE TABLE listing_search_keyed (seq BIGINT NOT NULL, words TSVECTOR NOT NULL, business_id BIGINT,'
    ' category VARCHAR(64), currency VARCHAR(3), price_minor BIGINT, price_place BIGINT, name_sort TEXT COLLATE "C")',
    f'INSERT INTO listing_search_keyed (seq, words, {KEYS})'
    f' SELECT s.seq, s.words || array_to_tsvector(ARRAY[{LABELS}]), {KEYS} FROM listing_search s'
    ' JOIN listings l USING (seq) ORDER BY s.seq',
    'DROP TABLE listing_search',
    'ALTER TABLE listing_search_keyed RENAME TO listing_search',
    'ALTER TABLE listing_search ADD CONSTRAINT listing_search_pkey PRIMARY KEY (seq)',
    'CREATE INDEX ix_listing_search_words ON listing_search USING gin (words)',
    # The version before this one writes listings without a place, and words without keys and with other labels.
    'CREATE FUNCTION listing_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
    ' NEW.price_place := coalesce(NEW.price_place, (NEW.price_sort << 23) | (NEW.seq & 8388607));'
    ' RETURN NEW; END $$',
    'CREATE TRIGGER listing_place BEFORE INSERT ON listings FOR EACH ROW EXECUTE FUNCTION listing_place()',
    'CREATE FUNCTION listing_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
    f' SELECT NEW.words || array_to_tsvector(ARRAY[{LABELS}]),'
    ' l.business_id, l.category, l.currency, l.price_minor, l.price_place, l.name_sort INTO'
    ' NEW.words, NEW.business_id, NEW.category, NEW.currency, NEW.price_minor, NEW.price_place, NEW.name_sort'
    ' FROM listings l WHERE l.seq = NEW.seq; RETURN NEW; END $$',
    'CREATE TRIGGER listing_keys BEFORE INSERT ON listing_search FOR EACH ROW EXECUTE FUNCTION listing_keys()',
)


def upgrade():
    op.create_table('listing_marks',
    sa.Column('business_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('is_hidden', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=True),
    sa.Column('after', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('business_id', name=op.f('pk_listing_marks'))
    )
    op.create_table('listing_totals',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('business_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('min_price', sa.BigInteger(), nullable=False),
    sa.Column('max_price', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'business_id', 'category', 'currency', name=op.f('pk_listing_totals'))
    )
    op.create_index('ix_listing_totals_category', 'listing_totals', ['kind', 'category', 'currency', 'business_id'])
    for names in PARTS:
        _fill_totals(names)
    op.add_column('listings', sa.Column('price_place', sa.BigInteger(), nullable=True))
    for name in REPLACED:
        op.drop_index(name, 'listings')
    op.execute(PLACES)
    op.create_index('uq_listings_price_place', 'listings', ['price_place'], unique=True)
    for name, columns in INDEXES.items():
        op.create_index(name, 'listings', columns)
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("INSERT INTO listing_search (listing_search) VALUES ('delete-all')")
        _fill_words(op.get_bind(), 'listing_search', 'seq')
        op.execute(SQLITE)
        _fill_words(op.get_bind(), 'listing_search_prices', 'price_place')
        # It chooses among the new indexes by statistics.
        op.execute('PRAGMA analysis_limit=1000')
        op.execute('ANALYZE listings')
    else:
        for statement in POSTGRESQL:
            op.execute(statement)


def _fill_totals(names):
    kept = [name if name in names else nothing for name, nothing in (('business_id', '0'), ('category', "''"), ('currency', "''"))]
    ends = 'min(min_price), max(max_price)' if 'currency' in names else '0, 0'
    by = ', '.join(names)
    op.execute(
        'INSERT INTO listing_totals (kind, business_id, category, currency, listed, min_price, max_price)'
        f" SELECT '{','.join(names)}', {', '.join(kept)}, sum(listed), {ends} FROM listing_groups GROUP BY {by}"
    )


def _fill_words(connection, table, key):
    page = sa.text(
        f'SELECT {key} AS row, words, category, currency, business_id FROM listings'
        f' WHERE {key} > :after ORDER BY {key} LIMIT 5000'
    )
    known = sa.text(f'INSERT INTO {table} (rowid, words) VALUES (:row, :words)')
    after = -1
    while rows := connection.execute(page, {'after': after}).mappings().all():
        connection.execute(known, [{'row': row['row'], 'words': _indexed(row)} for row in rows])
        after = rows[-1]['row']


def _indexed(row):
    labels = [_label(','.join(names), *(row[name] for name in names)) for names in (*PARTS, DIMENSIONS)]
    return ' '.join([*row['words'].split(' ')[1:], *labels])


@lru_cache(32768)
def _label(*parts):
    return '\ue200' + sha256('|'.join(map(str, parts)).encode()).hexdigest()[:16]


def downgrade():
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE listing_search_prices')
    else:
        op.execute('DROP FUNCTION listing_place() CASCADE')
        op.execute('DROP FUNCTION listing_keys() CASCADE')
        for name in KEYS.split(', '):
            op.drop_column('listing_search', name)
    op.drop_index('uq_listings_price_place', 'listings')
    for name in INDEXES:
        op.drop_index(name, 'listings')
    with op.batch_alter_table('listings', schema=None) as batch_op:
        batch_op.drop_column('price_place')
    for name, columns in REPLACED.items():
        op.create_index(name, 'listings', columns)
    op.drop_table('listing_totals')
    op.drop_table('listing_marks')

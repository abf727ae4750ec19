"""bands_of_listings

PostgreSQL's index of words also holds among which 16,384 publications a listing is: then a search by time looks for its
words among the newest alone.
"""

from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    _index('words, (ARRAY[seq >> 14])')


def downgrade():
    _index('words')


def _index(columns):
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP INDEX ix_listing_search_words')
        op.execute(f'CREATE INDEX ix_listing_search_words ON listing_search USING gin ({columns})')

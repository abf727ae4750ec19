"""initials_of_words

What the version before publishes meanwhile has none, and may begin with anything: see walks.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

DIMENSIONS = ('business_id', 'category', 'currency')
INITIALS = {
    'sqlite': """(SELECT sum(DISTINCT 1 << unicode(value) % 39) FROM json_each('["' || replace(substr(words, 2), ' ', '","') || '"]'))""",
    'postgresql': "(SELECT bit_or(1::bigint << ascii(word) % 39) FROM unnest(string_to_array(substr(words, 2), ' ')) AS word)",
}


def upgrade():
    op.add_column('listings', sa.Column('initials', sa.BigInteger(), nullable=True))
    op.execute(f'UPDATE listings SET initials = {INITIALS[op.get_bind().dialect.name]}')
    _index('name_sort', 'seq', 'initials')
    for name in DIMENSIONS:
        op.drop_index(f'ix_listings_{name}_name_sort_seq', 'listings')
    _analyze()


def downgrade():
    _index('name_sort', 'seq')
    for name in DIMENSIONS:
        op.drop_index(f'ix_listings_{name}_name_sort_seq_initials', 'listings')
    op.drop_column('listings', 'initials')
    _analyze()


def _index(*order):
    for name in DIMENSIONS:
        op.create_index('_'.join(('ix_listings', name, *order)), 'listings', [name, *order])


def _analyze():
    # SQLite chooses among indexes by statistics.
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('PRAGMA analysis_limit=1000')
        op.execute('ANALYZE listings')

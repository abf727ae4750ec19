"""places_of_groups"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

SAME_GROUP = 'l.business_id = g.business_id AND l.category = g.category AND l.currency = g.currency'


def upgrade():
    op.add_column('listing_groups', sa.Column('number', sa.BigInteger(), nullable=True))
    op.execute(
        'UPDATE listing_groups SET number = (SELECT min(l.seq) FROM listings l WHERE l.business_id = listing_groups.business_id'
        ' AND l.category = listing_groups.category AND l.currency = listing_groups.currency)'
    )
    op.create_index('uq_listing_groups_number', 'listing_groups', ['number'], unique=True)
    op.create_table('listing_places',
    sa.Column('price_place', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('group_no', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('price_place', name=op.f('pk_listing_places'))
    )
    op.execute(
        'INSERT INTO listing_places (price_place, group_no) SELECT l.price_place, g.number FROM listings l'
        f' JOIN listing_groups g ON {SAME_GROUP} ORDER BY l.price_place'
    )
    op.create_index('ix_listing_places_group_no_price_place', 'listing_places', ['group_no', 'price_place'])
    op.drop_index('ix_listings_group', 'listings')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('PRAGMA analysis_limit=1000')
        op.execute('ANALYZE')


def downgrade():
    op.create_index('ix_listings_group', 'listings', ['business_id', 'category', 'currency', 'price_minor'])
    op.drop_table('listing_places')
    op.drop_index('uq_listing_groups_number', 'listing_groups')
    op.drop_column('listing_groups', 'number')

"""telling

Orders of listings have an index each; a business that is hidden says what its partners are still to be told.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

INDEXES = {
    'ix_listings_name_sort_seq': ['name_sort', 'seq'],
    'ix_listings_currency_price_minor_seq': ['currency', 'price_minor', 'seq'],
    'ix_listings_business_id_currency_price_minor_seq': ['business_id', 'currency', 'price_minor', 'seq'],
    'ix_listings_category_currency_price_minor_seq': ['category', 'currency', 'price_minor', 'seq'],
}


def upgrade():
    op.add_column('listing_marks', sa.Column('telling', sa.String(length=8), nullable=True))
    # Who was being hidden, restored or renamed is told of anew, from the first listing on.
    op.execute("UPDATE listing_marks SET after = 0, telling = 'upsert'")
    op.execute(
        "UPDATE listing_marks SET telling = 'delete' WHERE business_id IN"
        " (SELECT id FROM businesses WHERE status <> 'active')"
    )
    op.execute(
        "UPDATE listing_marks SET is_hidden = (business_id IN (SELECT id FROM businesses WHERE status <> 'active'))"
    )
    for name, columns in INDEXES.items():
        op.create_index(name, 'listings', columns)


def downgrade():
    for name in INDEXES:
        op.drop_index(name, 'listings')
    op.drop_column('listing_marks', 'telling')

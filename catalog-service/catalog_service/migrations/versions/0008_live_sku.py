"""live_sku"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('products', sa.Column('live_sku', sa.String(length=64), nullable=True))
    op.execute(
        'UPDATE products SET live_sku = (SELECT revisions.sku FROM revisions'
        ' WHERE revisions.product_id = products.id AND revisions.version = products.live_version)'
        ' WHERE live_version IS NOT NULL'
    )
    op.create_index('ix_products_business_id_live_sku', 'products', ['business_id', 'live_sku'], unique=False,
                    sqlite_where=sa.text('live_sku IS NOT NULL'), postgresql_where=sa.text('live_sku IS NOT NULL'))


def downgrade():
    op.drop_index('ix_products_business_id_live_sku', table_name='products')
    op.drop_column('products', 'live_sku')

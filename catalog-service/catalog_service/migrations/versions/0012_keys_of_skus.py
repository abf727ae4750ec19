"""keys_of_skus

What two SKUs have in common that look alike. Of those that did so before, the published one keeps its key, else the oldest;
the others have none until their SKU is changed.
"""

import sqlalchemy as sa
from alembic import op

from servicekit.texts import skeleton

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

BATCH = 1000
PRODUCTS = sa.table(
    'products', *(sa.column(name) for name in ('id', 'business_id', 'sku', 'live_sku', 'live_version', 'archived_at')),
    sa.column('sku_key'), sa.column('live_sku_key'),
)


def upgrade():
    op.add_column('products', sa.Column('sku_key', sa.String(length=255), nullable=True))
    op.add_column('products', sa.Column('live_sku_key', sa.String(length=255), nullable=True))
    _fill(op.get_bind())
    for name, column, unique, where in (
        ('uq_products_business_id_sku_key', 'sku_key', True, 'archived_at IS NULL AND sku_key IS NOT NULL'),
        ('ix_products_business_id_live_sku_key', 'live_sku_key', False, 'live_sku_key IS NOT NULL'),
    ):
        op.create_index(name, 'products', ['business_id', column], unique=unique,
                        sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade():
    op.drop_index('ix_products_business_id_live_sku_key', table_name='products')
    op.drop_index('uq_products_business_id_sku_key', table_name='products')
    op.drop_column('products', 'live_sku_key')
    op.drop_column('products', 'sku_key')


def _fill(connection):
    """A business after another, a thousand rows at a time; only the keys of one business are held."""
    write = PRODUCTS.update().where(PRODUCTS.c.id == sa.bindparam('row')).values(
        sku_key=sa.bindparam('key'), live_sku_key=sa.bindparam('live_key')
    )
    for business in connection.scalars(sa.select(PRODUCTS.c.business_id).distinct()).all():
        taken, place = set(), None
        while rows := connection.execute(_following(business, place)).all():
            connection.execute(write, [_keys(row, taken) for row in rows])
            place = (rows[-1].hidden, rows[-1].id)


def _following(business, place):
    hidden = sa.case((PRODUCTS.c.live_version.is_(None), 1), else_=0)
    query = sa.select(PRODUCTS, hidden.label('hidden')).where(
        PRODUCTS.c.business_id == business, PRODUCTS.c.archived_at.is_(None),
        sa.or_(PRODUCTS.c.sku.is_not(None), PRODUCTS.c.live_sku.is_not(None)),
    )
    if place is not None:
        query = query.where(sa.or_(hidden > place[0], sa.and_(hidden == place[0], PRODUCTS.c.id > place[1])))
    return query.order_by(hidden, PRODUCTS.c.id).limit(BATCH)


def _keys(row, taken):
    key = None if row.sku is None else skeleton(row.sku)
    kept = None if key in taken else key
    taken.add(key)
    return {'row': row.id, 'key': kept, 'live_key': None if row.live_sku is None else skeleton(row.live_sku)}

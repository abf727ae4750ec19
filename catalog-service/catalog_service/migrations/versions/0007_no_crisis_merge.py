"""no_crisis_merge

SQLite's indexes of words merge their parts whenever sixteen of one size have gathered, all at once: four seconds of one
writer's transaction at a million listings. The worker merges them in small steps instead (words.merge).
"""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    _set('listing_search', 500)
    _set('listing_search_prices', 500)


def downgrade():
    _set('listing_search', 16)
    _set('listing_search_prices', 16)


def _set(index, parts):
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('crisismerge', {parts})")

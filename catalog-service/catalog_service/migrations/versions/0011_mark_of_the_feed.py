"""mark_of_the_feed"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('feed_cursors', sa.Column('mark', sa.String(length=64), nullable=True))


def downgrade():
    op.drop_column('feed_cursors', 'mark')

"""reset_taken"""

import sqlalchemy as sa
from alembic import op

import servicekit.database

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('password_resets', sa.Column('taken_at', servicekit.database.Timestamp(timezone=True), nullable=True))


def downgrade():
    op.drop_column('password_resets', 'taken_at')

"""one_key_a_state"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    # Processes that started together may have made several: the oldest stays, what another signed remains good.
    op.execute(
        "UPDATE signing_keys SET state = 'retired', retired_at = CURRENT_TIMESTAMP WHERE state <> 'retired'"
        ' AND EXISTS (SELECT 1 FROM signing_keys older WHERE older.state = signing_keys.state'
        ' AND (older.created_at < signing_keys.created_at'
        ' OR older.created_at = signing_keys.created_at AND older.kid < signing_keys.kid))'
    )
    op.create_index('uq_signing_keys_state', 'signing_keys', ['state'], unique=True,
                    sqlite_where=sa.text("state <> 'retired'"), postgresql_where=sa.text("state <> 'retired'"))


def downgrade():
    op.drop_index('uq_signing_keys_state', table_name='signing_keys')

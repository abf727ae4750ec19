"""confirmed"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

CONFIRMED = {'sqlite_where': sa.text('email_confirmed = 1'), 'postgresql_where': sa.text('email_confirmed')}


def upgrade():
    # What is there stays as it is, and so does what an earlier version still writes: it refuses an address twice.
    op.add_column('users', sa.Column('email_confirmed', sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_users_email_key'), type_='unique')
        batch_op.create_index('uq_users_email_key', ['email_key'], unique=True, **CONFIRMED)
        batch_op.create_index(op.f('ix_users_email_key'), ['email_key'])
    op.add_column('invitations', sa.Column('code_mailed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE invitations SET code_mailed = true WHERE 'invitation:' || id IN"
        " (SELECT target FROM audit_entries WHERE act = 'invitation.mailed')"
    )


def downgrade():
    op.drop_column('invitations', 'code_mailed')
    # Of several claims the oldest keeps the address. Nobody's key is in capitals.
    op.execute(
        "UPDATE users SET email_key = 'UNCONFIRMED-' || id WHERE NOT email_confirmed AND EXISTS ("
        'SELECT 1 FROM users AS other WHERE other.email_key = users.email_key'
        ' AND (other.email_confirmed OR other.id < users.id))'
    )
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_index(op.f('ix_users_email_key'))
        batch_op.drop_index('uq_users_email_key', **CONFIRMED)
        batch_op.create_unique_constraint(op.f('uq_users_email_key'), ['email_key'])
    op.drop_column('users', 'email_confirmed')

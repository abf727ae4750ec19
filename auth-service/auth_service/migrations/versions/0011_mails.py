"""mails"""

import sqlalchemy as sa
from alembic import op

import servicekit.database

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = servicekit.database.Timestamp(timezone=True)


def upgrade():
    op.create_table('mails',
    sa.Column('id', ID, nullable=False),
    sa.Column('kind', sa.String(16), nullable=False),
    sa.Column('subject_id', ID, nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('created_at', TIME, nullable=False),
    sa.Column('due_at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    )
    op.create_index('ix_mails_due_at', 'mails', ['due_at'])
    op.create_table('registrations',
    sa.Column('id', ID, nullable=False),
    sa.Column('business_name', sa.String(255), nullable=False),
    sa.Column('username', sa.String(255), nullable=False),
    sa.Column('email', sa.String(254), nullable=False),
    sa.Column('email_key', sa.String(508), nullable=False),
    sa.Column('first_name', sa.String(255), nullable=False),
    sa.Column('last_name', sa.String(255), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('code_hash', sa.String(64), nullable=True),
    sa.Column('requested_at', TIME, nullable=False),
    sa.Column('sent_at', TIME, nullable=True),
    sa.Column('expires_at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registrations')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_registrations_code_hash')),
    )
    op.create_index(op.f('ix_registrations_email_key'), 'registrations', ['email_key'])
    op.create_table('email_changes',
    sa.Column('id', ID, nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('email', sa.String(254), nullable=False),
    sa.Column('old_email', sa.String(254), nullable=True),
    sa.Column('code_hash', sa.String(64), nullable=True),
    sa.Column('requested_at', TIME, nullable=False),
    sa.Column('expires_at', TIME, nullable=False),
    sa.Column('used_at', TIME, nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_email_changes_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_email_changes')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_email_changes_code_hash')),
    )
    op.create_index(op.f('ix_email_changes_user_id'), 'email_changes', ['user_id'])
    # Requests that wait; what a worker of the earlier version is mailing just now stays its own.
    op.execute(
        "INSERT INTO mails (kind, subject_id, failures, created_at, due_at)"
        " SELECT 'reset', id, 0, requested_at, requested_at FROM password_resets"
        ' WHERE sent_at IS NULL AND used_at IS NULL AND taken_at IS NULL'
    )


def downgrade():
    op.drop_table('email_changes')
    op.drop_table('registrations')
    op.drop_table('mails')

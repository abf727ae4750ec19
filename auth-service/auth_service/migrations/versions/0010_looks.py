"""looks"""

import sqlalchemy as sa
from alembic import op

import servicekit.database

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

LONGER = {'businesses': {'name': 200}, 'users': {'username': 150, 'first_name': 150, 'last_name': 150}}


def upgrade():
    # A start fills the keys, which take Unicode's table: NULL for those that an earlier version writes meanwhile.
    for table, columns in LONGER.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column, length in columns.items():
                batch_op.alter_column(column, existing_type=sa.String(length), type_=sa.String(255), existing_nullable=False)
            key = 'name_skeleton' if table == 'businesses' else 'username_skeleton'
            batch_op.add_column(sa.Column(key, sa.String(255), nullable=True))
            batch_op.create_unique_constraint(op.f(f'uq_{table}_{key}'), [key])
    op.add_column('invitations', sa.Column('email_key', sa.String(508), nullable=True))
    op.add_column('invitations', sa.Column('refused_at', servicekit.database.Timestamp(timezone=True), nullable=True))


def downgrade():
    op.drop_column('invitations', 'refused_at')
    op.drop_column('invitations', 'email_key')
    for table, columns in LONGER.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            key = 'name_skeleton' if table == 'businesses' else 'username_skeleton'
            batch_op.drop_constraint(op.f(f'uq_{table}_{key}'), type_='unique')
            batch_op.drop_column(key)
            for column, length in columns.items():
                batch_op.alter_column(column, existing_type=sa.String(255), type_=sa.String(length), existing_nullable=False)

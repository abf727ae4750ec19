"""open_roles"""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ROLES = "'viewer', 'editor', 'approver', 'admin', 'operator', 'service'"


def upgrade():
    # The roles are listed once, in servicekit/permissions.py.
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_users_role'), type_='check')


def downgrade():
    op.execute(f"UPDATE users SET role = 'viewer' WHERE role NOT IN ({ROLES})")
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_users_role'), f"role IN ({ROLES})")

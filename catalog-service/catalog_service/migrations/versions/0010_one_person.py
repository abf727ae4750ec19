"""one_person

Who controls whose account, people's user names, and names as long as the original's clients send them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

NAMES = (('businesses', 200, 255), ('listing_businesses', 200, 255), ('listing_marks', 200, 255), ('revisions', 200, 255),
         ('users', 301, 511))
# What PostgreSQL keeps a column's type for; as in 0004.
FINAL = (
    'CREATE TRIGGER revisions_final BEFORE UPDATE OF product_id, version, sku, name, description, price_minor, currency,'
    ' category, attributes, picture, content_hash, author_id ON revisions FOR EACH ROW EXECUTE FUNCTION rows_are_final()'
)


def upgrade():
    op.create_table('account_controllers',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('controller_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'controller_id', name=op.f('pk_account_controllers'))
    )
    op.create_index(op.f('ix_account_controllers_controller_id'), 'account_controllers', ['controller_id'], unique=False)
    op.add_column('users', sa.Column('username', sa.String(length=255), server_default='', nullable=False))
    op.add_column('users', sa.Column('version', sa.Integer(), nullable=True))
    _set_lengths([(table, short, long) for table, short, long in NAMES])


def downgrade():
    _set_lengths([(table, long, short) for table, short, long in NAMES])
    op.drop_column('users', 'version')
    op.drop_column('users', 'username')
    op.drop_table('account_controllers')


def _set_lengths(changes):
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER revisions_final ON revisions')
        for table, before, length in changes:
            # To widen changes no row; with USING each would be written anew.
            cut = f' USING substr(name, 1, {length})' if length < before else ''
            op.execute(f'ALTER TABLE {table} ALTER COLUMN name TYPE VARCHAR({length}){cut}')
        op.execute(FINAL)
        return
    # SQLite keeps a length without looking at it; to make the tables anew would take their triggers with them.
    version = op.get_bind().exec_driver_sql('PRAGMA schema_version').scalar()
    op.execute('PRAGMA writable_schema = ON')
    for table, before, length in changes:
        op.get_bind().exec_driver_sql(
            'UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = ? AND name = ?',
            (f'name VARCHAR({before})', f'name VARCHAR({length})', 'table', table),
        )
    op.execute(f'PRAGMA schema_version = {version + 1}')
    op.execute('PRAGMA writable_schema = RESET')

"""controllers"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

users = sa.table('users', *map(sa.column, (
    'id', 'business_id', 'username', 'first_name', 'last_name', 'role', 'is_active', 'token_version')),
    sa.column('controllers', sa.JSON))
accounts = sa.table('service_accounts', *map(sa.column, ('id', 'user_id', 'created_by')))
audit = sa.table('audit_entries', *map(sa.column, ('id', 'actor_id', 'act', 'target')), sa.column('detail', sa.JSON))
events = sa.table('events', sa.column('seq'), sa.column('type'), sa.column('data', sa.JSON), sa.column('occurred_at'))


def upgrade():
    op.add_column('users', sa.Column('controllers', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    connection = op.get_bind()
    found = from_history(connection)
    for user_id, controllers in sorted(found.items()):
        connection.execute(sa.update(users).where(users.c.id == user_id).values(controllers=sorted(controllers)))
    tell(connection, sorted(found))


def from_history(connection):
    """Who made or replaced the secret of a program, chose a person's password, or gave a person another address."""
    found = {}
    programs = {}
    for row in connection.execute(sa.select(accounts)):
        programs[f'service_account:{row.id}'] = row.user_id
        found.setdefault(row.user_id, set()).add(row.created_by)
    acts = ('user.created', 'user.changed', 'password.reset', 'service_account.rotated')
    for row in connection.execute(sa.select(audit).where(audit.c.act.in_(acts)).order_by(audit.c.id)):
        if row.act == 'service_account.rotated':
            if row.target in programs and row.actor_id:
                found[programs[row.target]].add(row.actor_id)
            continue
        user_id = int(row.target.partition(':')[2])
        by_another = row.actor_id not in (None, user_id)
        # A code may have gone to the address that another gave: it does not end what that one controls.
        if row.act == 'password.reset':
            found[user_id] = {number for number in found.get(user_id, ()) if number < 0}
        elif by_another and row.act == 'user.created':
            found.setdefault(user_id, set()).add(row.actor_id)
        elif by_another and 'email' in (row.detail or {}):
            found.setdefault(user_id, set()).add(-row.actor_id)
    return {user_id: {abs(number) for number in numbers} for user_id, numbers in found.items() if numbers}


def tell(connection, user_ids):
    """A change of each in the feed, for those who follow it."""
    if not user_ids:
        return
    # Held to the end: whoever writes to the feed waits.
    connection.execute(sa.text('UPDATE feed_head SET seq = seq'))
    seq = connection.scalar(sa.text('SELECT seq FROM feed_head')) or 0
    rows = {row.id: row for row in connection.execute(sa.select(users).where(users.c.id.in_(user_ids)))}
    for user_id in user_ids:
        row = rows[user_id]
        seq += 1
        name = f'{row.first_name} {row.last_name}'.strip() or row.username
        data = {'user_id': row.id, 'business_id': row.business_id, 'username': row.username, 'name': name,
                'role': row.role, 'is_active': bool(row.is_active), 'token_version': row.token_version,
                'controllers': row.controllers}
        kind = 'user.deleted' if row.username == f'deleted-{row.id}' else 'user.changed'
        connection.execute(sa.insert(events).values(seq=seq, type=kind, data=data, occurred_at=datetime.now(UTC)))
    connection.execute(sa.text('UPDATE feed_head SET seq = :seq'), {'seq': seq})


def downgrade():
    op.drop_column('users', 'controllers')

"""pages

Pages of information, and what the log says of other content than products.
"""

import sqlalchemy as sa
from alembic import op

import servicekit.database

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TIME = servicekit.database.Timestamp(timezone=True)
# As 0004 has them for revisions.
SAID = 'page_id, version, kind, language, text, content_hash, author_id'
SQLITE = (
    "CREATE TRIGGER page_revisions_no_replace BEFORE INSERT ON page_revisions"
    " WHEN EXISTS (SELECT 1 FROM page_revisions WHERE page_id = NEW.page_id AND version = NEW.version)"
    " BEGIN SELECT RAISE(ABORT, 'page_revisions are final'); END",
    f"CREATE TRIGGER page_revisions_no_other_words BEFORE UPDATE OF {SAID} ON page_revisions"
    " BEGIN SELECT RAISE(ABORT, 'page_revisions are final'); END",
)
POSTGRESQL = (
    f"CREATE TRIGGER page_revisions_final BEFORE UPDATE OF {SAID} ON page_revisions"
    " FOR EACH ROW EXECUTE FUNCTION rows_are_final()",
)


def upgrade():
    op.create_table('pages',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('id', ID, nullable=False),
    sa.Column('business_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('live_version', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger(), nullable=False),
    sa.Column('contributors', sa.JSON(), nullable=False),
    sa.Column('live_contributors', sa.JSON(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('submitted_at', TIME, nullable=True),
    sa.Column('created_at', TIME, nullable=False),
    sa.Column('updated_at', TIME, nullable=False),
    sa.Column('archived_at', TIME, nullable=True),
    sa.CheckConstraint("status IN ('draft', 'pending_approval', 'approved', 'rejected')", name=op.f('ck_pages_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pages'))
    )
    for name, columns, unique, where in (
        ('uq_pages_business_id_kind_language', ['business_id', 'kind', 'language'], True, 'archived_at IS NULL'),
        ('ix_pages_business_id_id', ['business_id', 'id'], False, 'archived_at IS NULL'),
        ('ix_pages_queue', ['business_id', 'submitted_at', 'id'], False, 'submitted_at IS NOT NULL'),
    ):
        op.create_index(name, 'pages', columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table('page_revisions',
    sa.Column('page_id', ID, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('contributors', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('submitted_by', sa.BigInteger(), nullable=True),
    sa.Column('submitted_at', TIME, nullable=True),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', TIME, nullable=True),
    sa.Column('self_approved', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('published_at', TIME, nullable=True),
    sa.Column('created_at', TIME, nullable=False),
    sa.CheckConstraint("state IN ('draft', 'pending_approval', 'approved', 'rejected', 'withdrawn')", name=op.f('ck_page_revisions_state')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_page_revisions_page_id_pages')),
    sa.PrimaryKeyConstraint('page_id', 'version', name=op.f('pk_page_revisions'))
    )
    op.create_table('public_pages',
    sa.Column('page_id', ID, autoincrement=False, nullable=False),
    sa.Column('business_id', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('page_id', name=op.f('pk_public_pages'))
    )
    op.create_index('ix_public_pages_business_id_place_language', 'public_pages', ['business_id', 'place', 'language'])
    op.add_column('decisions', sa.Column('kind', sa.String(length=16), nullable=True))
    op.add_column('decisions', sa.Column('content_id', sa.BigInteger(), nullable=True))
    op.create_index('ix_decisions_kind_content_id_seq', 'decisions', ['kind', 'content_id', 'seq'], unique=False,
                    sqlite_where=sa.text('kind IS NOT NULL'), postgresql_where=sa.text('kind IS NOT NULL'))
    for statement in POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE:
        op.execute(statement)


def downgrade():
    op.drop_index('ix_decisions_kind_content_id_seq', table_name='decisions')
    op.drop_column('decisions', 'content_id')
    op.drop_column('decisions', 'kind')
    op.drop_table('public_pages')
    op.drop_table('page_revisions')
    op.drop_table('pages')

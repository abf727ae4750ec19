"""HTTP: one module per noun."""

from catalog_service.routes import approvals, changes, policies, products, public, revisions, transitions

BLUEPRINTS = (public.bp, policies.bp, changes.bp, products.bp, transitions.bp, revisions.bp, approvals.bp)

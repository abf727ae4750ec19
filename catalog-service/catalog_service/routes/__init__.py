"""HTTP: one module per noun."""

from catalog_service.routes import approvals, changes, pages, policies, products, public

BLUEPRINTS = (public.bp, policies.bp, changes.bp, products.bp, pages.bp, approvals.bp)

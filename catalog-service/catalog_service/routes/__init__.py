"""HTTP: one module per noun."""

from catalog_service.routes import products, public, transitions

BLUEPRINTS = (public.bp, products.bp, transitions.bp)

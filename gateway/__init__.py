"""The gateway: nginx in front of the three services, rendered from one set of templates in every mode."""

"""What the figures are compared with."""

# Django's hash at its present cost, and Werkzeug's own default.
HASHES = {"pbkdf2": "pbkdf2:sha256:1000000", "scrypt": "scrypt:32768:8:1"}

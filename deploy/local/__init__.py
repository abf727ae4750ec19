"""Runs all of Vetted on one machine: what `make up`, `make down` and `make test` call."""

"""Servers of the tests' own, on free ports and in temporary folders."""

"""The one error of the launcher: said to the person, without a traceback."""


class Problem(Exception):
    """Something the person who started Vetted can understand and mend; the text says how."""

class EmbeddedError(Exception):
    """Something keeps the parts from running; its text tells the user what to do."""

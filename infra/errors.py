"""The one exception that ends a command with a sentence instead of a traceback."""


class Refusal(Exception):
    """The command cannot go on. The text is one sentence for the person at the terminal, with a way out."""

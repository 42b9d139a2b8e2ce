"""The one exception that ends a command with a sentence instead of a traceback. Needs the standard library only:
`make run` refuses before it installs anything."""


class Refusal(Exception):
    """The command cannot go on. The text is one sentence for the person at the terminal, with a way out."""

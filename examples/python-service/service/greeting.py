"""What the service says."""

import os


def greeting(name):
    """The greeting for a name, in the words of GREETING."""
    name = name.strip()
    if not name:
        raise ValueError("nobody to greet")
    return f"{os.environ.get('GREETING', 'Hello')}, {name}!"

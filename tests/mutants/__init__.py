"""Change one thing of the repository at a time; each change has to be found. `tests/mutation.py` is the command."""

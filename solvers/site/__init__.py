"""Pages: the Markdown extension, the key, the indexes and the command line. Nothing outside this folder knows them."""

from typing import Any


def makeExtension(**kwargs: Any) -> Any:
    """The entry point of Python-Markdown: list `solvers.site` under markdown_extensions."""
    from solvers.site.extension import SolversExtension

    return SolversExtension(**kwargs)

"""The content-security policy of a page: what a browser may load and run for it. GitHub Pages sends no headers, so it is a
<meta> element, before the first script.

Inline scripts are named by their hash, and only those that stand in the theme's own files: one that comes with a text, a
title or a description is not named, and no browser runs it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SCRIPT = re.compile(r"(?s)<script>(.*?)</script>")  # with attributes it has an address, or is a block of data
HOLE = re.compile(r"\{\{.*?\}\}")  # what the theme fills in: the way from a page to the root of the site
WAY = r"[\w./-]*"
RULES = {
    "default-src": "'none'",  # plugins, sound, whatever comes next
    "script-src": "'self'",  # and the theme's inline scripts, by their hashes
    "worker-src": "'self'",  # the search
    "connect-src": "'self'",  # its index
    "frame-src": "'self'",  # the pages of which a mock exam shows the solutions
    # The style attributes with which KaTeX sets every sign; there are thousands, all of different text. A browser that cannot
    # tell them from <style> elements goes by the first line, the others allow no <style> element.
    "style-src": "'self' 'unsafe-inline'",
    "style-src-elem": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",  # data: the icons in the theme's style sheet
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
META = re.compile(r'(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*')


def guarded(html: str, theme: Iterable[str]) -> str:
    """A page with its policy. `theme` are the folders of the theme; a page without a head stays as it is."""
    known = inline_scripts(tuple(theme))
    named = [script for script in SCRIPT.findall(html) if any(one.fullmatch(script) for one in known)]
    policy = written({**RULES, "script-src": " ".join(["'self'", *dict.fromkeys(map(hashed, named))])})
    # Behind the character set, which has to stand among the first bytes.
    for place in ('<meta charset="utf-8">', "<head>"):
        if place in html:
            return html.replace(place, f'{place}<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)
    return html


def written(rules: dict[str, str]) -> str:
    """The policy as a browser reads it."""
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def from_disk(html: str) -> str:
    """The policy of a page that is opened from disk, where not every browser takes the files beside it for its own."""
    return META.sub(lambda policy: policy[0].replace("'self'", "'self' file:"), html, count=1)


def hashed(script: str) -> str:
    """How a policy names an inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@lru_cache(maxsize=4)
def inline_scripts(theme: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """The inline scripts of the theme, as patterns of what they look like in a page."""
    files = [file for folder in theme for file in sorted(Path(folder).glob("partials/javascripts/*.html"))]
    scripts = [script for file in files for script in SCRIPT.findall(file.read_text(encoding="utf-8"))]
    return tuple(re.compile(WAY.join(map(re.escape, HOLE.split(script)))) for script in scripts)

"""What the theme leaves out of the frame of a page: names for those who do not see it, and an early start for the fonts.
And what it puts there for nothing: scripts for what the page does not have."""

from __future__ import annotations

import re
from html import escape, unescape

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
# The label of a list whose heading is a link holds an icon only; the title of the list is in the element that follows.
LABEL = re.compile(
    r'(?P<label><label class="md-nav__link[^"]*" for="(?P<list>__nav_[\d_]+)" id="(?P=list)_label"[^>]*>)'
    r'(?P<between>\s*<span class="md-nav__icon md-icon"></span>\s*</label>'
    r'.*?<label class="md-nav__title" for="(?P=list)">\s*<span class="md-nav__icon md-icon"></span>)'
    r"(?P<title>.*?)</label>",
    re.S,
)
TAG = re.compile(r"<[^>]*>")
STYLE = re.compile(r'<link rel="stylesheet" href="(?P<to>[^"]*)assets/katex/katex\.min\.css">')
# What the first screen of every page is set in. Not the fonts of formulas: Chromium then paints nothing for two seconds.
FONTS = ("stix-two-text-latin-400-normal", "stix-two-text-latin-600-normal")
PRELOAD = '<link rel="preload" href="{to}assets/fonts/{font}.woff2" as="font" type="font/woff2" crossorigin>'

SCRIPT = re.compile(r'<script src="[^"]*assets/(?P<name>[\w.-]+\.js)" defer></script>')
NEEDED = {  # each only on pages with this
    "exam.js": '<div class="exam"',
    "solutions.js": '<details class="reveal answer"',
    "new-numbers.js": '<p class="new-numbers"',
}


def completed(page: str) -> str:
    """A page with these names, its fonts fetched along with its style sheets, so that its text does not move."""
    page = page.replace(SEARCH, f'{SEARCH} aria-label="Search"')
    page = LABEL.sub(_named, page)
    page = SCRIPT.sub(lambda script: script[0] if NEEDED.get(script["name"], "") in page else "", page)
    return STYLE.sub(
        lambda style: "".join(PRELOAD.format(to=style["to"], font=font) for font in FONTS) + style[0], page
    )


def _named(match: re.Match[str]) -> str:
    title = escape(" ".join(unescape(TAG.sub("", match["title"])).split()))
    return f'{match["label"]}<span class="twin">{title}</span>{match["between"]}{match["title"]}</label>'

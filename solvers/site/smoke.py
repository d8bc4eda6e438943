"""Is a built folder a site that may take the place of the one that is published? A look at what every reader needs.

It reads files only, so it says so of any folder, whatever built it.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from solvers.site import downloads

NEEDED = ("index.html", "404.html", "sitemap.xml", "search/search_index.json", "answers.json", "answers.csv",
          downloads.DECK, downloads.COPY)  # fmt: skip
FEWEST = 0.9  # of the parts that are published: one may be retired, a tenth of them is a mistake
FETCHED = re.compile(r'<(?:script|link rel="stylesheet"|img)(?=\s)[^>]*?\b(?:src|href)="([^"]+)"')
LOCATION = re.compile(r"<loc>([^<]+)</loc>")


def problems(site: Path, published: Path | None = None) -> list[str]:
    """What is wrong with a built site, a sentence each; `published` is the answers.json that it would replace."""
    missing = [f"{name} is missing or empty" for name in NEEDED if not _filled(site / name)]
    return missing or [*_pages(site), *_addresses(site), *_search(site), *_parts(site, published), *_copy(site)]


def _filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _pages(site: Path) -> Iterator[str]:
    for page in sorted(site.rglob("*.html")):
        html, name = page.read_text(encoding="utf-8"), page.relative_to(site).as_posix()
        if "</html>" not in html or "<h1" not in html:
            yield f"{name} is cut off, or has no heading"
        if "Content-Security-Policy" not in html:
            yield f"{name} has no content-security policy"
        if name == "404.html":  # its addresses begin at the root of the server
            continue
        for address in FETCHED.findall(html):
            if not urlsplit(address).scheme and not _filled(page.parent / unquote(urlsplit(address).path)):
                yield f"{name} needs {address}, which is not there"


def _addresses(site: Path) -> Iterator[str]:
    """Every page that the site map names, by where it would lie if the shortest address were the root."""
    found = LOCATION.findall((site / "sitemap.xml").read_text(encoding="utf-8"))
    root = min(found, key=len, default="")
    if not found:
        yield "sitemap.xml names no page"
    for address in found:
        if not address.startswith(root) or not _filled(site / unquote(address[len(root) :]) / "index.html"):
            yield f"sitemap.xml names {address}, which is not there"


def _search(site: Path) -> Iterator[str]:
    docs = _json(site / "search/search_index.json").get("docs", [])
    known = {entry.get("location", "").partition("#")[0] for entry in docs}
    pages = {f"{page.parent.relative_to(site).as_posix()}/".removeprefix("./") for page in site.rglob("index.html")}
    if not docs:
        yield "search/search_index.json cannot be read, or is empty"
    elif len(known & pages) < len(pages) / 2:
        yield f"search/search_index.json knows {len(known & pages)} of {len(pages)} pages"


def _parts(site: Path, published: Path | None) -> Iterator[str]:
    parts = _json(site / "answers.json").get("parts", {})
    before = len(_json(published).get("parts", {})) if published is not None and published.is_file() else 0
    if not parts:
        yield "answers.json cannot be read, or has no part"
    elif len(parts) < FEWEST * before:
        yield f"answers.json has {len(parts)} parts, the published one {before}"
    for id_, part in parts.items():
        path, _, anchor = part["url"].partition("#")
        page = site / path / "index.html"
        if not _filled(page) or f'id="{anchor}"' not in page.read_text(encoding="utf-8"):
            yield f"{id_} is not at {part['url']}"


def _copy(site: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(site / downloads.COPY) as copy:
            bad = copy.testzip()
            whole = any(name.endswith("/index.html") and name.count("/") == 1 for name in copy.namelist())
    except zipfile.BadZipFile:
        bad, whole = "", False
    if bad is not None or not whole:
        yield f"{downloads.COPY} cannot be unpacked, or has no index.html"


def _json(file: Path) -> dict:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}

"""A built site as one zip that opens from disk: links lead to files instead of folders, and the search needs no server."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from solvers.site import archive, downloads, policy

# What only a server or a developer needs.
LEFT_OUT = re.compile(r"404\.html|sitemap\.xml(\.gz)?|assets/javascripts/lunr/.*|.*\.map|search/search_index\.json")
# Comments and scripts are passed over; of the tags, those that lead to a page, up to the path that they lead to.
# Every choice begins with the same sign, outside of all groups: so the engine runs over the rest of a page at once.
HREF = re.compile(
    r"""(?s)<(?:!--.*?-->|script\b.*?</script>|"""
    r"""((?:a|area|link)(?=\s)(?:[^>"']|"[^"]*"|'[^']*')*?\shref=["'])([^?#"']*))"""
)
BUNDLE = re.compile(r'<script src="([^"]*)assets/javascripts/bundle\b')
PRELOAD = re.compile(r'<link rel="preload"[^>]*>')  # from disk nothing is fetched ahead of its use
SHIM = Path(__file__).parent / "from_disk" / "search.js"
README = """{name}

Unpack this archive and open index.html in a browser. Nothing is fetched from the network.
{address}
Texts CC BY 4.0, code MIT; fonts and KaTeX under the licences that lie beside them.
"""


def write(site: Path, file: Path, address: str) -> Path:
    """Pack a built site. `address` is where it is published: links to what is left out lead there."""
    site, file = site.resolve(), file.resolve()
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    taken = [name for name in names if not LEFT_OUT.fullmatch(name) and site / name != file]
    # An archive that an earlier build left is no part of the copy either.
    taken = [name for name in taken if name != downloads.COPY and not posixpath.basename(name).startswith(".")]
    pages = Pages(set(taken), address)
    entries = {name: pages.changed(name, (site / name).read_bytes()) for name in taken}
    index = site / "search/search_index.json"
    if index.is_file():
        entries["search/search_index.js"] = _index(index).encode()
        entries["assets/from-disk.js"] = SHIM.read_bytes()
    entries["README.txt"] = README.format(name=file.stem.capitalize(), address=address).encode()
    return archive.write(file, {f"{file.stem}/{name}": content for name, content in entries.items()})


class Pages:
    """Rewrites the pages of one site."""

    def __init__(self, taken: set[str], address: str):
        self.taken, self.address = taken, address
        self.folders = {posixpath.dirname(name) or "." for name in taken if posixpath.basename(name) == "index.html"}

    def changed(self, name: str, content: bytes) -> bytes:
        """A file as it is packed; only pages differ."""
        if not name.endswith(".html"):
            return content
        text = policy.from_disk(PRELOAD.sub("", content.decode("utf-8")))
        text = HREF.sub(lambda m: f"<{m[1]}{self.link(m[2], name)}" if m[2] else m[0], text)
        text = BUNDLE.sub(r'<script src="\1assets/from-disk.js"></script>\g<0>', text, count=1)
        if name == downloads.PAGE:  # the copy cannot know its own size
            text = downloads.sized(text, lambda path, told: "this copy" if path == downloads.COPY else told)
        return text.encode()

    def link(self, path: str, page: str) -> str:
        """An address of the site as a page on disk needs it: of a file, or whole when that file is not in the copy."""
        if not path or ":" in path or path.startswith("/"):
            return path
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
        if target in self.folders:
            return f"{path.rstrip('/')}/index.html"
        return path if target in self.taken or not self.address else f"{self.address}/{target}"


def _index(file: Path) -> str:
    """The search index as a script, which a page on disk may load, with the files that its entries lead to."""
    index = json.loads(file.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        path, mark, fragment = entry["location"].partition("#")
        entry["location"] = (f"{path}index.html" if not path or path.endswith("/") else path) + mark + fragment
    return f"var __index = {json.dumps(index, ensure_ascii=False)};\n"

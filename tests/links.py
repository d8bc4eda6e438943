"""Follow every link of a built site: pages, anchors, assets, and what JSON, notebooks and the zip copy point to.

    python tests/links.py site                 # inside: no request leaves this machine
    python tests/links.py --external           # outside: does every address that the sources name still answer?

Outside, what a publisher refuses to a program (403, 429 …) counts as alive, and what is slow or out of order is told and
forgiven. Only an address that is gone for certain, at every attempt, ends with a failure.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import re
import socket
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
ATTRIBUTES = {"href", "src", "srcset", "data-src", "poster", "action", "xlink:href"}
BASE = "https://site.invalid/"
ADDRESS = re.compile(r"https?://[^\s\"'<>`\])}\\]+")
MARKDOWN = re.compile(r"\]\(([^()\s]+)\)")
STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
GONE = (404, 410)
PAUSES = (0, 5, 20)  # seconds before each attempt


class _Page(HTMLParser):
    """The links and the anchors of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value or "")
            elif name == "srcset":
                self.links += [piece.split()[0] for piece in (value or "").split(",") if piece.split()]
            elif name in ATTRIBUTES and value:
                self.links.append(value)


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a built site, by their path in it."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def files_of_zip(file: Path) -> dict[str, bytes]:
    """The same of a copy of the site, which lies in one folder of its zip."""
    with zipfile.ZipFile(file) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def broken(files: Mapping[str, bytes], address: str) -> list[str]:
    """`file: link` for every link of a site that leads nowhere in it. `address`: where the site is published."""
    pages = {name: _Page(data.decode("utf-8")) for name, data in files.items() if name.endswith(".html")}
    found = []
    for name, data in files.items():
        for link in dict.fromkeys(_links(name, data, pages)):
            why = _wrong(name, link, files, pages, address)
            if why:
                found.append(f"{name}: {link}: {why}")
    return found


def _links(name: str, data: bytes, pages: Mapping[str, _Page]) -> Iterator[str]:
    if name in pages:
        yield from pages[name].links
    elif name.endswith(".css"):
        yield from STYLE.findall(data.decode("utf-8"))
    elif name.endswith(".ipynb"):
        for cell in json.loads(data)["cells"]:
            if cell["cell_type"] == "markdown":
                text = re.sub(r"(?s)\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`", "", "".join(cell["source"]))
                yield from (link for link in MARKDOWN.findall(text) if not link.startswith("attachment:"))
    elif name.endswith(".json"):
        yield from _addresses(name, json.loads(data))
    elif name == "sitemap.xml":
        yield from re.findall(r"<loc>([^<]+)</loc>", data.decode("utf-8"))


def _addresses(name: str, value: object, key: str = "") -> Iterator[str]:
    """What a JSON file names as an address; the search index and the data set write it from the root of the site."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _addresses(name, item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from _addresses(name, item, key)
    elif isinstance(value, str) and key in ("url", "location") and value:
        yield value if urlsplit(value).scheme else posixpath.relpath("/", "/" + posixpath.dirname(name)) + "/" + value


def _wrong(name: str, link: str, files: Mapping[str, bytes], pages: Mapping[str, _Page], address: str) -> str:
    """Why a link leads nowhere; nothing when it leads somewhere, or outside."""
    if link.startswith(address):
        link = BASE + link[len(address) :]
    elif address.startswith("http") and link.startswith(urlsplit(address).path) and name == "404.html":
        link = BASE + link[len(urlsplit(address).path) :]  # a page that is shown at any address links from the root
    try:
        target = urlsplit(urljoin(BASE + name, link))
    except ValueError as error:
        return str(error)
    if f"{target.scheme}://{target.netloc}/" != BASE:
        return ""
    path = re.sub(r"(^|/)\.$", r"\1", unquote(target.path).lstrip("/"))
    path = path + "index.html" if not path or path.endswith("/") else path
    if path not in files:
        return f"there is no {path}" if f"{path}/index.html" not in files else f"{path} is a folder: add a slash"
    anchor = unquote(target.fragment)
    if anchor and path in pages and not anchor.startswith(":~:") and anchor not in pages[path].anchors:
        return f"{path} has no anchor {anchor!r}"
    return ""


def outside(docs: Path) -> list[str]:
    """Every address outside that the sources name."""
    found: set[str] = set()
    for file in [*docs.rglob("*.md"), *docs.rglob("*.toml"), *docs.rglob("labs/*.py")]:
        found |= {address.rstrip(".,;:") for address in ADDRESS.findall(file.read_text(encoding="utf-8"))}
    return sorted(address for address in found if "." in urlsplit(address).netloc)


def answer(address: str) -> str:
    """One attempt: "alive", "gone: …" or "unclear: …"."""
    request = Request(address, headers={"User-Agent": "Mozilla/5.0 (link check)", "Accept": "*/*"})
    try:
        with urlopen(request, timeout=30):
            return "alive"
    except HTTPError as error:
        if error.code in GONE:
            return f"gone: status {error.code}"
        return f"unclear: status {error.code}" if error.code >= 500 else "alive"  # refused to a program, not gone
    except URLError as error:
        unknown = isinstance(error.reason, socket.gaierror) and error.reason.errno == socket.EAI_NONAME
        return f"{'gone' if unknown else 'unclear'}: {error.reason}"
    except (OSError, ValueError) as error:
        return f"unclear: {error}"


def persisting(address: str, ask: Callable[[str], str] = answer, sleep: Callable[[float], None] = time.sleep) -> str:
    """The answer of the last of several attempts; one that is alive ends them. Gone is what is gone at every one."""
    told = []
    for pause in PAUSES:
        sleep(pause)
        told.append(ask(address))
        if told[-1] == "alive":
            return "alive"
    return next((one for one in reversed(told) if not one.startswith("gone")), told[-1])


def external(docs: Path, check: Callable[[str], str] = persisting) -> int:
    """Print what does not answer; 1 when an address is gone for certain."""
    told = {address: check(address) for address in outside(docs)}
    for address, result in told.items():
        if result != "alive":
            print(f"{result}: {address}")
    gone = sum(result.startswith("gone") for result in told.values())
    print(f"{len(told)} addresses outside: {sum(result == 'alive' for result in told.values())} answer, {gone} gone")
    return 1 if gone else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "site")
    parser.add_argument("--external", action="store_true", help="ask for the addresses outside that docs/ names")
    options = parser.parse_args(arguments)
    if options.external:
        return external(ROOT / "docs")
    address = re.search(r"^site_url:(?: &\w+)? (\S+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    found = broken(files_of(options.folder), address[1] if address else BASE)
    print("\n".join([*found, f"{len(found)} links lead nowhere"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

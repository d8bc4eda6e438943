"""What a browser may load and run for a page: every kind of page works under its policy, and what a stranger puts in does not run."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import zipfile

import pytest
from sites import MATERIAL, ROOT, change, quick, run, sample
from test_take_along import SERVE

from solvers.site import downloads, pack, policy

KINDS = {
    "home": "",
    "a page with parts": "papers/bits-dnn-2022s2-endsem/q4/",
    "a page with choices": "papers/uva-dl1-2022-resit/q1/",
    "a mock exam": "papers/bits-dnn-2022s2-endsem/exam/",
    "a paper": "papers/bits-dnn-2022s2-endsem/",
    "all papers": "papers/",
    "a topic": "topics/adam/",
    "a lab": "labs/optimizers/",
    "errata": "errata/",
    "take along": "take-along/",
    "about": "about/notation/",
    "data": "about/data/",
}
# Tells every violation to the console of the page, as soon as there is a document.
LISTEN = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));"""
ELSEWHERE = "https://elsewhere.example"


def policies(html):
    """The policy of a page: directive -> sources."""
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    return [dict(rule.split(" ", 1) for rule in one.split("; ")) for one in found]


def test_every_page_has_one_policy_before_its_first_script(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert len(policies(html)) == 1, page
        assert html.index("Content-Security-Policy") < html.index("<script"), page
        assert html.index('charset="utf-8"') < 1000, page  # a browser looks for it among the first 1024 bytes
        assert policies(html)[0]["default-src"] == "'none'"


def test_every_inline_script_is_one_of_three_that_are_named(site):
    """The hash as the standard says it: of the bytes between the tags."""
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        scripts = re.findall(r"(?s)<script>(.*?)</script>", html)
        sources = policies(html)[0]["script-src"].split()
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts}
        assert set(sources) == {"'self'", *hashes} and len(hashes) == 3, page
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r"(?s)<script.*?</script>", "", html)), page


def test_nothing_but_style_attributes_is_allowed_in_general(site):
    for page in site.rglob("*.html"):
        for name, sources in policies(page.read_text(encoding="utf-8"))[0].items():
            assert "*" not in sources and "http" not in sources and "unsafe-eval" not in sources
            assert "'unsafe-inline'" not in sources or name in ("style-src", "style-src-attr")


def used(page):
    """What a reader does on a page: opens everything, searches, prints."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.keyboard.press("/")  # the theme's key for its search
    page.keyboard.type("adam", delay=5)
    page.locator(".md-search-result__link").first.wait_for(state="attached")
    page.emulate_media(media="print")
    return page.evaluate("window.violations")


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_each_kind_works_under_its_policy(visit, path, scheme):
    page = visit(path, script=LISTEN, color_scheme=scheme)
    assert used(page) == []
    assert page.evaluate("document.body.dataset.mdColorScheme") == {"light": "default", "dark": "slate"}[scheme]
    assert page.complaints == []


def test_the_page_of_an_error_works_under_its_policy(visit, site):
    """Its addresses begin with the folder in which the site is published."""
    published = site / "recomputed"
    published.symlink_to(site, target_is_directory=True)
    try:
        page = visit("recomputed/404.html", script=LISTEN)
        assert used(page) == []
        assert page.complaints == []
    finally:
        published.unlink()


INJECTED = {
    "an inline script": ("<script>window.ran = true</script>", "script-src-elem inline"),
    "an event handler": ('<img src="assets/none.png" onerror="window.ran = true">', "script-src-attr inline"),
    "a foreign script": (f'<script src="{ELSEWHERE}/a.js"></script>', f"script-src-elem {ELSEWHERE}/a.js"),
    "a foreign image": (f'<img src="{ELSEWHERE}/a.png">', f"img-src {ELSEWHERE}/a.png"),
    "a foreign frame": (f'<iframe src="{ELSEWHERE}/"></iframe>', f"frame-src {ELSEWHERE}"),
    "a foreign style": (f'<link rel="stylesheet" href="{ELSEWHERE}/a.css">', f"style-src-elem {ELSEWHERE}/a.css"),
    "a style element": ("<style>body { display: none }</style>", "style-src-elem inline"),
    "a foreign font": (
        f'<link rel="preload" as="font" crossorigin href="{ELSEWHERE}/a.woff2">',
        f"font-src {ELSEWHERE}/a.woff2",
    ),
    "another base": (f'<base href="{ELSEWHERE}/">', f"base-uri {ELSEWHERE}/"),
}


@pytest.fixture
def stained(site, context, address):
    """A real page with something put into it, opened; what was sent elsewhere is noted, what the browser kept back is not."""
    folder = site / "injected"
    folder.mkdir()
    page = context().new_page()
    page.sent = []
    page.on("requestfailed", lambda request: page.sent.append(request.url) if request.failure != "csp" else None)
    page.add_init_script(LISTEN)

    def open_page(markup, guarded):
        html = (site / "errata/index.html").read_text(encoding="utf-8").replace("<article", f"{markup}<article", 1)
        if not guarded:
            html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        (folder / "index.html").write_text(html, encoding="utf-8")
        page.goto(f"{address}injected/")
        page.wait_for_timeout(100)
        return page

    yield open_page
    page.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("markup, blocked", INJECTED.values(), ids=INJECTED)
@pytest.mark.parametrize("guarded", [True, False], ids=["with the policy", "without"])
def test_what_a_stranger_puts_into_a_page_is_blocked(stained, markup, blocked, guarded):
    """The negative control is the same page without its policy."""
    page = stained(markup, guarded)
    assert (blocked in page.evaluate("window.violations")) is guarded
    assert page.evaluate("window.ran === true") is ("window.ran" in markup and not guarded)
    assert any(url.startswith(ELSEWHERE) for url in page.sent) is (ELSEWHERE in markup and not guarded)


@pytest.fixture
def material(tmp_path):
    """The sample site with the theme and the hook, and what a stranger writes into one of its pages."""
    folder = sample(tmp_path, MATERIAL, "[search]")
    hook = "hooks: [" + str(ROOT / "solvers/site/hook.py") + "]\n"
    change(folder / "mkdocs.yml", "docs_dir: docs\n", f"docs_dir: docs\n{hook}")
    return folder


SMUGGLED = {
    "in a text": ("docs/index.md", "# Home\n", "# Home\n\n<script>window.ran = 1</script>\n"),
    "in a description": ("docs/index.md", "# Home\n", '---\ndescription: \'"><script>window.ran = 1</script>\'\n---\n\n# Home\n'),
    "like the theme's": (
        "docs/index.md", "# Home\n", '# Home\n\n<script>__md_scope=new URL("x"+alert(1)+"",location)</script>\n'),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new", SMUGGLED.values(), ids=SMUGGLED)
def test_the_script_of_a_text_gets_no_hash(material, file, old, new):
    change(material / file, old, new)
    built = quick(material, "mkdocs", "build")
    assert built.code == 0, built.text
    html = (material / "site/index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"(?s)<script>(.*?)</script>", html)
    (rules,) = policies(html)
    named = [script for script in scripts if policy.hashed(script) in rules["script-src"]]
    assert len(scripts) == len(named) + 1 and len(named) >= 2
    assert all("window.ran" not in script and "alert" not in script for script in named)


def test_a_page_without_a_head_stays_as_it_is():
    assert policy.guarded("<p>text</p>", []) == "<p>text</p>"


def test_a_server_that_loads_pages_again_shows_them_without(material):
    """It puts an inline script of its own into every page, which the policy would stop."""
    (material / "serve.py").write_text(SERVE, encoding="utf-8")
    ran = run(material, "serve")
    assert ran.code == 0, ran.text
    pages = ("index.html", "404.html", "papers/sample/q1/index.html")
    for kind, expected in {"build": 1, "serve": 0}.items():
        for page in pages:
            assert len(policies((material / kind / page).read_text(encoding="utf-8"))) == expected, page


# The copy


def test_the_copy_allows_the_files_beside_it_by_their_scheme(site):
    with zipfile.ZipFile(site / downloads.COPY) as archive:
        for name in (one for one in archive.namelist() if one.endswith(".html")):
            (rules,) = policies(archive.read(name).decode())
            for directive in ("script-src", "connect-src", "frame-src", "img-src", "font-src", "style-src-elem"):
                assert rules[directive].startswith("'self' file:"), name
            assert rules["default-src"] == rules["base-uri"] == "'none'"


def test_a_foreign_policy_in_a_text_is_not_what_is_changed():
    html = policy.guarded("<head></head><body>content=\"'self'\"</body>", [])
    assert pack.Pages(set(), "").changed("index.html", html.encode()).decode().endswith("content=\"'self'\"</body>")


@pytest.fixture
def disk(browser, site, tmp_path):
    """The copy, unpacked, in a browser without a network."""
    with zipfile.ZipFile(site / downloads.COPY) as archive:
        archive.extractall(tmp_path)
    context = browser.new_context(offline=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    yield page, tmp_path / "recomputed"
    context.close()


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_a_page_on_disk_works_under_its_policy(disk, path):
    page, folder = disk
    page.goto((folder / path / "index.html").as_uri())
    assert used(page) == []
    assert page.complaints == []


def test_on_disk_an_inline_script_is_blocked_too(disk):
    page, folder = disk
    file = folder / "errata/index.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("<article", "<script>window.ran = true</script><article", 1), encoding="utf-8")
    page.goto(file.as_uri())
    assert page.evaluate("window.violations") == ["script-src-elem inline"]
    assert page.evaluate("window.ran === undefined")

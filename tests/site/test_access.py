"""The site for those who do not see it, use no mouse, enlarge it or want nothing to move: WCAG 2.2, level AA.

axe-core looks for what a program can find. What it leaves open (`incomplete`) is settled here: it cannot judge the contrast
of single characters, of what stands over a line or of what is drawn, so that every text is measured by `CONTRAST` below.
"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from sites import until
from test_browser import every_page

LONG = "papers/bits-dnn-2022s2-endsem/q1/"
# A page of every kind; what is closed is opened first.
KINDS = {
    "home": "",
    "papers": "papers/",
    "a paper": "papers/uva-dl1-2022-resit/",
    "chains": "papers/bits-dnn-2022s2-endsem/q4/",
    "a table of results": "papers/bits-dnn-2022s2-midsem-makeup/q5/",
    "divergences": "papers/bits-dl-exam-jsd/q6/",
    "options": "papers/uva-dl1-2022-resit/q3/",
    "a network": "papers/ist-dl-2022-final-a/part2/",
    "a topic with a plot": "topics/adam/",
    "topics": "topics/",
    "errata": "errata/",
    "a lab": "labs/optimizers/",
    "about": "about/",
    "notation": "about/notation/",
    "sources": "about/sources/",
    "take along": "take-along/",
}
SCREENS = [("light", 390), ("dark", 1200)]  # both schemes, both layouts: no rule of axe is about a pair of them
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Glyphs of formulas: hidden from screen readers, and `CONTRAST` measures them. In the list of results the theme makes a
# landmark without a name of every list of tags, which is no matter of WCAG.
APART = {"exclude": [[".katex-html"], [".md-search-result .md-tags"]]}

CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const text = [...document.querySelectorAll('body *')].filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  const seen = text.filter(one => !one.closest('.twin, script, style, title, .katex-mathml, [hidden], noscript') && one.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  return seen.map(one => {
    const style = getComputedStyle(one);
    const [a, b] = [light(numbers(one.ownerSVGElement ? style.fill : style.color)), light(ground(one))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), `${one.tagName}.${one.className.baseVal ?? one.className}: ${one.textContent.trim().slice(0, 30)}`];
  }).filter(([ratio]) => ratio < 4.5);
}"""


def open_everything(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate("document.fonts.ready")
    settle(page)


def settle(page):
    """Wait until the script has found the boxes that scroll: their number stays the same."""
    counts = [-1, -2]
    while counts[-1] != counts[-2]:
        page.wait_for_timeout(500)
        counts.append(page.locator("[data-reach]").count())


def style(page, rules):
    """Add rules as a script may; the site's policy lets no one add a style sheet of another kind."""
    page.evaluate(
        """rules => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules);
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }""",
        rules,
    )


def screen(scheme, width):
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}


def found(page):
    """What axe objects to, and what it leaves open but for contrast."""
    answer = Axe().run(page, context=APART, options={"runOnly": RULES, "resultTypes": ["violations", "incomplete"]})
    kinds = [*answer.response["violations"], *answer.response["incomplete"]]
    return [
        f"{kind['id']}: {node['html'][:160]}"
        for kind in kinds
        for node in kind["nodes"]
        if (kind["id"], kind in answer.response["incomplete"]) != ("color-contrast", True)
    ]


@pytest.mark.parametrize("scheme, width", SCREENS)
def test_axe_finds_nothing(visit, address, scheme, width):
    page = visit("", **screen(scheme, width))
    objections = {}
    for kind, path in KINDS.items():
        page.goto(address + path)
        open_everything(page)
        objections[kind] = [*found(page), *map(str, page.evaluate(CONTRAST))]
    assert {kind: said for kind, said in objections.items() if said} == {}


@pytest.mark.parametrize("scheme, width", SCREENS)
def test_axe_finds_nothing_in_the_search(visit, scheme, width):
    page = visit("", **screen(scheme, width))
    page.keyboard.press("/")
    page.keyboard.type("Adam", delay=20)
    page.locator(".md-search-result__link").first.wait_for()
    page.wait_for_timeout(600)  # it fades in
    assert [*found(page), *page.evaluate(CONTRAST)] == []


@pytest.fixture(scope="module")
def published_address(site):
    """The site below the path of its published address, which the page for what is not there is written for."""
    from tests.lighthouse import served

    with served(site) as address:
        yield address


@pytest.mark.parametrize("scheme, width", SCREENS)
def test_axe_finds_nothing_where_an_address_leads_nowhere(browser, published_address, scheme, width):
    context = browser.new_context(**screen(scheme, width))
    page = context.new_page()
    assert page.goto(f"{published_address}nowhere/").status == 404
    assert page.locator("h1").inner_text().startswith("404")
    assert [*found(page), *page.evaluate(CONTRAST)] == []
    context.close()


BROKEN = {
    "a picture without words": ("main.append(new Image())", "image-alt"),
    "a button without a name": ("main.append(document.createElement('button'))", "button-name"),
    "a box without a label": ("main.append(document.createElement('input'))", "label"),
    "text too pale": ("main.querySelector('h1').style.color = '#ccc'", "color-contrast"),
    "the search without its name": ("document.querySelector('.md-search').removeAttribute('aria-label')", "aria-dialog-name"),
    "lists of the navigation without names": ("document.querySelectorAll('.md-nav .twin').forEach(one => one.remove())", "landmark-unique"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_axe_would_find_it(visit, what):
    script, rule = BROKEN[what]
    page = visit("papers/")
    page.evaluate(f"main = document.querySelector('article'); {script}; 0")
    assert any(said.startswith(f"{rule}:") for said in found(page))


def test_contrast_of_what_axe_cannot_judge_is_measured(visit):
    page = visit()
    open_everything(page)
    style(page, ".mord { color: #999 !important; } .drawn text { fill: #999 !important; }")
    poor = [name for _, name in page.evaluate(CONTRAST)]
    assert any(name.startswith("SPAN.mord") for name in poor) and any(name.startswith("text.") for name in poor)


# The element that has the focus: a number that grows with the order of reading, its place, and whether a ring shows.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const behind = one.getBoundingClientRect().width < 2 && one.nextElementSibling?.matches('label');
  const thing = behind ? one.nextElementSibling : one; // the theme hides a box behind its label
  const look = () => { const s = getComputedStyle(thing); return [s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && s.outline, s.boxShadow, s.borderColor, s.color, s.backgroundColor].join(); };
  const box = thing.getBoundingClientRect();
  const on = look();
  one.blur(); const off = look(); one.focus({ focusVisible: true, preventScroll: true });
  return { order: [...document.querySelectorAll('*')].indexOf(one), tag: one.tagName, kind: one.className, ringed: on !== off,
    inside: !!one.closest('article'), top: box.top + scrollY, bottom: box.bottom + scrollY, seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    closed: one.tagName === 'SUMMARY' && !one.parentElement.open, name: (one.innerText || one.getAttribute('aria-label') || '').slice(0, 30) };
}"""
REACHABLE = """[...document.querySelectorAll('article :is(a[href], button, summary, input, select, [tabindex="0"])')]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0).length"""


def walk(page):
    """Tab from the top of a page to its end; every reveal is opened on the way, by Enter and Space in turn."""
    steps, keys = [], ["Enter", "Space"]
    while len(steps) < 1500:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None or (steps and at["order"] == steps[0]["order"]):
            return steps
        steps.append(at)
        if at["closed"]:
            page.keyboard.press(keys[0])
            keys.reverse()
            page.wait_for_timeout(30)  # boxes inside that scroll are found
            at["opened"] = page.evaluate("document.activeElement.parentElement.open")
    raise AssertionError(f"the keyboard does not get out of the page: {steps[-5:]}")


@pytest.mark.parametrize("width", [1200, 390])
def test_a_long_page_is_read_by_keyboard(visit, width):
    page = visit(LONG, viewport={"width": width, "height": 900})
    page.evaluate("document.fonts.ready")
    steps = walk(page)
    inside = [at for at in steps if at["inside"]]
    assert len(inside) > 40
    assert [at["order"] for at in inside] == sorted(at["order"] for at in inside)
    upwards = [(one["name"], two["name"]) for one, two in zip(inside, inside[1:]) if two["bottom"] < one["top"] - 5]
    assert upwards == []  # on the screen, too, nobody is sent back
    assert [(at["tag"], at["kind"], at["name"]) for at in steps if not at["ringed"]] == []
    assert [(at["tag"], at["kind"], at["name"]) for at in steps if not at["seen"]] == []
    assert all(at["opened"] for at in inside if at["closed"])
    assert page.locator("details:not([open])").count() == 0
    assert len(inside) >= page.evaluate(REACHABLE)  # Chromium itself adds boxes that scroll a little


def test_the_walk_sees_a_ring_that_is_gone_and_a_trap(visit):
    page = visit("papers/")
    style(page, "*:focus-visible { outline: none !important; box-shadow: none !important; } a, a:focus, a:hover { color: red !important; transition: none !important; }")  # fmt: skip
    assert any(not at["ringed"] for at in walk(page))
    page.evaluate(
        "document.querySelector('article a').addEventListener('keydown', event => { if (event.key === 'Tab') event.preventDefault(); })"
    )
    page.evaluate("document.querySelector('article a').focus()")
    with pytest.raises(AssertionError, match="does not get out"):
        page.evaluate("document.body.tabIndex = -1")
        order = page.evaluate(FOCUS)["order"]
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["order"] != order, "the keyboard does not get out"


def test_the_header_works_by_keyboard_on_a_small_screen(visit):
    page = visit("", viewport={"width": 390, "height": 800})
    search = page.get_by_role("button", name="Search", exact=True)
    search.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Adam", delay=20)
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("Escape")
    drawer = page.get_by_role("button", name="Navigation", exact=True)
    link = page.locator(".md-nav--primary a", has_text="Errata").first
    assert not link.is_visible()
    drawer.focus()
    page.keyboard.press("Space")
    link.wait_for(state="visible")


def test_long_formulas_scroll_by_keyboard(visit):
    """The box that holds one can be focused while it scrolls, says what it is, and moves."""
    page = visit(LONG, viewport={"width": 320, "height": 800})
    open_everything(page)
    boxes = page.locator("article [data-reach]")
    assert boxes.count() > 3
    box = boxes.first
    assert box.get_attribute("aria-label") == "Formula" and box.get_attribute("role") == "group"
    box.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 0")
    page.set_viewport_size({"width": 1600, "height": 800})
    settle(page)
    assert boxes.count() < 3  # what fits is no stop of the keyboard


SMALL = """[...document.querySelectorAll('article :is(button, summary, input, select, .md-button, .part-footer a), .md-header button')]
  .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map(one => [one.className || one.tagName, one.matches('input') && one.labels[0] ? one.labels[0].getBoundingClientRect() : one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@pytest.mark.parametrize("width", [1200, 390])
def test_what_is_pressed_is_large_enough(visit, address, width):
    """44 px, which is more than level AA asks for (24)."""
    page = visit("", viewport={"width": width, "height": 900})
    small = {}
    for path in {*KINDS.values(), LONG}:
        page.goto(address + path)
        open_everything(page)
        small[path] = sorted(set(page.evaluate(SMALL)))
    assert {path: one for path, one in small.items() if one} == {}
    style(page, "summary { min-height: 0 !important; height: 30px }")
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<button>x</button>')")
    assert page.evaluate(SMALL)


MOVING = """[...document.querySelectorAll('*')].filter(one => ['', '::before', '::after'].some(part => {
    const style = getComputedStyle(one, part);
    return /[1-9]/.test(style.transitionDuration + style.animationDuration) || style.scrollBehavior === 'smooth';
  })).map(one => one.className)"""


def test_nothing_moves_for_those_who_asked_for_it(visit):
    page = visit(LONG, reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != []  # the test sees what moves otherwise


def test_signs_and_figures_stay_where_colours_are_forced(visit):
    page = visit(forced_colors="active")
    open_everything(page)
    ink, ground = page.evaluate(
        """() => { document.body.insertAdjacentHTML('beforeend', '<i id=probe style="color: CanvasText; background: Canvas">x</i>');
          const s = getComputedStyle(document.getElementById('probe')); return [s.color, s.backgroundColor]; }"""
    )
    assert ink != ground
    for place, part in ((".hint > summary", "::before"), (".hint > summary", "::after"), (".copy", "::after")):
        colour = page.locator(place).first.evaluate(f"one => getComputedStyle(one, '{part}').backgroundColor")
        assert colour == ink, place
    figure = page.locator(".drawn").first.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one.querySelector('text')).fill]"
    )
    assert figure[0] != figure[1] and "rgba" not in figure[0]
    page.locator("summary").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["ringed"]


UNSPOKEN = """() => {
  const words = one => one && one.textContent.trim();
  const rows = [...document.querySelectorAll('.steps > li, .answers > li, .givens > li')];
  const formulas = [...document.querySelectorAll('.katex')].filter(one => !one.querySelector('math'));
  return [rows.length, document.querySelectorAll('math').length, [
    ...rows.filter(one => !words(one.querySelector(':scope > .twin'))).map(one => one.id || one.className),
    ...formulas.filter(one => !words(one.closest('li, td, th, label, p, figure, figcaption')?.querySelector('.twin')) && !one.closest('[aria-hidden=true]')).map(one => one.textContent.slice(0, 40)),
  ]];
}"""


def test_every_formula_is_said(visit, site, address):
    """A formula in the text holds MathML; every row has its twin in words."""
    page = visit("")
    rows = maths = 0
    silent = {}
    for path in every_page(site):
        page.goto(f"{address}{path}/" if path else address, wait_until="commit")
        page.wait_for_load_state("domcontentloaded")
        more, inline, without = page.evaluate(UNSPOKEN)
        rows, maths = rows + more, maths + inline
        silent |= {path: without} if without else {}
    assert silent == {} and rows > 500 and maths > 500
    page.goto(address + LONG)
    page.evaluate(
        "document.querySelector('.steps .twin').remove(); document.querySelector('article p math, article .maths-display math').remove()"
    )
    assert len(page.evaluate(UNSPOKEN)[2]) >= 2  # the row, its formulas, and the formula of the text


SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
CUT = """[...document.querySelectorAll('article *, .md-header *')].filter(one => {
    if (one.closest('.twin, .katex, svg, .md-search, .md-nav, .md-header__title') || !one.checkVisibility()) return false;
    const style = getComputedStyle(one);
    return (/hidden|clip/.test(style.overflowY) && !/auto|scroll/.test(style.overflowX) && one.scrollHeight > one.clientHeight + 1)
      || (/hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1);
  }).map(one => one.className || one.tagName)"""


@pytest.mark.parametrize("width", [640, 320])  # a screen of 1280 at 200 % and at 400 %
def test_nothing_is_lost_when_text_is_spaced_out_or_enlarged(visit, address, width):
    page = visit("", viewport={"width": width, "height": 800})
    lost = {}
    for path in {*KINDS.values(), LONG}:
        page.goto(address + path)
        open_everything(page)
        style(page, SPACED)
        wide = page.evaluate("document.documentElement.scrollWidth")
        lost[path] = sorted({*page.evaluate(CUT), *([f"{wide} wide"] if wide > width else [])})
    assert {path: one for path, one in lost.items() if one} == {}
    page.evaluate(
        "document.querySelector('article p').style.cssText = 'height: 1em; overflow: hidden; white-space: nowrap; max-width: 5em'"
    )
    assert page.evaluate(CUT)


def test_a_page_moves_nothing_while_it_loads(visit):
    """What scripts bring to life has its place, and the fonts come with the style sheets."""
    watch = """window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) moved += one.value; })
      .observe({ type: 'layout-shift', buffered: true })"""
    page = visit("papers/ist-dl-2022-final-a/part3-p2/", script=watch, viewport={"width": 412, "height": 823})
    page.wait_for_timeout(1500)
    assert page.evaluate("moved") < 0.01
    assert page.locator(".study").first.is_visible()
    page.evaluate("document.querySelector('article').prepend(Object.assign(document.createElement('p'), { textContent: 'late', style: 'height: 300px' }))")  # fmt: skip
    until(page, "moved > 0.01")


def test_the_theme_does_not_lay_out_what_is_closed(site):
    """It measures every `pre > code`; those of closed reveals would be most of the start of a long page."""
    for path in site.glob("papers/*/*/index.html"):
        assert not re.search(r"<pre[^>]*>(<span></span>)?<code", path.read_text(encoding="utf-8")), path


def test_a_program_is_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    open_everything(page)
    program = page.locator(".highlight:has(> .copy)").first
    program.locator(".copy").click()
    page.locator(".md-dialog--active").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == program.locator("code").inner_text().strip()

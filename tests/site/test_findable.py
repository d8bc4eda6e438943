"""Found by people: the search of the site knows other names and spoils nothing; every page says what it is to search engines."""

from __future__ import annotations

import gzip
import html as escaping
import json
import re
import struct
import xml.etree.ElementTree as etree
from html.parser import HTMLParser

import pytest
import yaml
from sites import KEY, PAGE, change

from solvers.site import export, searching, structured
from solvers.site.plaintext import plain
from solvers.site.project import Project

LONGEST = 160  # characters of a description: what search engines show of it
ADDED = 3_000  # bytes that the structured data may add to a compressed page

# schema.org, release 29.0 (data/releases/29.0/schemaorg-current-https-properties.csv and …-types.csv of schemaorg/schemaorg):
# each property that we write, the types that may have it, and the types of its value.
PARENTS = {"Quiz": "LearningResource", "LearningResource": "CreativeWork", "Question": "Comment", "Answer": "Comment",
           "Comment": "CreativeWork", "CreativeWork": "Thing", "Organization": "Thing"}  # fmt: skip
VOCABULARY = {
    "name": ({"Thing"}, {"Text"}),
    "url": ({"Thing"}, {"URL"}),
    "description": ({"Thing"}, {"Text"}),
    "text": ({"CreativeWork"}, {"Text"}),
    "about": ({"CreativeWork", "Event", "CommunicateAction", "Certification"}, {"Thing"}),
    "inLanguage": ({"CreativeWork"}, {"Language", "Text"}),
    "isAccessibleForFree": ({"CreativeWork"}, {"Boolean"}),
    "license": ({"CreativeWork"}, {"CreativeWork", "URL"}),
    "educationalLevel": ({"CreativeWork", "LearningResource"}, {"DefinedTerm", "Text", "URL"}),
    "learningResourceType": ({"CreativeWork", "LearningResource"}, {"DefinedTerm", "Text"}),
    "isPartOf": ({"CreativeWork"}, {"CreativeWork", "URL"}),
    "hasPart": ({"CreativeWork"}, {"CreativeWork"}),
    "isBasedOn": ({"CreativeWork"}, {"CreativeWork", "Product", "URL"}),
    "sourceOrganization": ({"CreativeWork"}, {"Organization"}),
    "eduQuestionType": ({"Question", "SolveMathAction"}, {"Text"}),
    "acceptedAnswer": ({"Question"}, {"Answer", "ItemList"}),
    "suggestedAnswer": ({"Question"}, {"Answer", "ItemList"}),
}
NEEDED = {
    "Quiz": {"name", "description", "url", "isPartOf", "hasPart", "about", "license"},
    "Question": {"name", "text", "eduQuestionType", "acceptedAnswer"},
    "Answer": {"text"},
    "Thing": {"name"},
}
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


class Head(HTMLParser):
    """The title, the meta tags and the links of a page's head."""

    def __init__(self, text):
        super().__init__()
        self.title, self.meta, self.canonical, self.inside = "", {}, None, False
        self.feed(text[: text.index("</head>")])

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.inside = tag == "title"
        if tag == "meta" and ("name" in values or "property" in values):
            name = values.get("name") or values["property"]
            assert name not in self.meta, f"{name} stands twice"
            self.meta[name] = values["content"]
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values["href"]

    def handle_data(self, data):
        self.title += data if self.inside else ""

    def handle_endtag(self, tag):
        self.inside = False


@pytest.fixture(scope="module")
def root(snapshot):
    text = (snapshot / "mkdocs.yml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.BaseLoader)["site_url"]


@pytest.fixture(scope="module")
def texts(site):
    """address below the site -> HTML of every page but 404.html, which search engines are told to leave out."""
    found = {page.parent.relative_to(site).as_posix(): page for page in site.rglob("index.html")}
    return {"" if name == "." else f"{name}/": page.read_text(encoding="utf-8") for name, page in sorted(found.items())}


@pytest.fixture(scope="module")
def heads(texts):
    return {name: Head(text) for name, text in texts.items()}


# What a page says of itself


def complaints_of(heads):
    """What is missing, too long or said twice."""
    found, seen = [], {}
    for name, head in heads.items():
        for what, value in (("title", head.title.strip()), ("description", head.meta.get("description", "").strip())):
            if not value:
                found.append(f"{name}: no {what}")
            if value and (what, value) in seen:
                found.append(f"{name}: the {what} of {seen[what, value]}")
            if what == "description" and len(value) > LONGEST:
                found.append(f"{name}: a description of {len(value)} characters")
            seen[what, value] = name
    return found


def test_every_page_has_a_title_and_a_description_of_its_own(heads):
    assert len(heads) > 60
    assert complaints_of(heads) == []


@pytest.mark.parametrize(
    "old, new, says",
    [
        (r'<meta name="description"[^>]*>', "", "topics/adam/: no description"),
        (r"<title>[^<]*</title>", "<title></title>", "topics/adam/: no title"),
        (r'(<meta name="description" content=")', rf"\1{'x' * 161}", "topics/adam/: a description of "),
        (r"<title>[^<]*</title>", "<title>Loss functions - Recomputed</title>", "the title of topics/"),
    ],
    ids=["no description", "no title", "too long", "twice"],
)
def test_a_page_without_one_is_seen(texts, old, new, says):
    broken = {name: Head(re.sub(old, new, text) if name == "topics/adam/" else text) for name, text in texts.items()}
    assert len(found := complaints_of(broken)) == 1 and says in found[0]


def test_the_title_of_a_question_names_its_paper(heads):
    assert "end-semester" in heads["papers/bits-dnn-2022s2-endsem/q4/"].title
    assert "UvA" in heads["papers/uva-dl1-2022-resit/q1/"].title


def test_every_page_has_its_canonical_address_and_stands_in_the_sitemap(heads, site, root):
    assert {name: head.canonical for name, head in heads.items()} == {name: root + name for name in heads}
    places = [
        loc.text
        for loc in etree.parse(site / "sitemap.xml").getroot().iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert sorted(places) == sorted(root + name for name in heads)


def test_a_page_that_is_not_there_is_not_indexed(site):
    head = Head((site / "404.html").read_text(encoding="utf-8"))
    assert head.meta["robots"] == "noindex" and "og:title" not in head.meta


def test_every_page_has_a_preview(heads, root):
    for name, head in heads.items():
        meta = head.meta
        assert "robots" not in meta
        assert meta["og:url"] == head.canonical == root + name
        assert meta["og:type"] == ("article" if name else "website")
        assert meta["og:image"] == meta["twitter:image"] == f"{root}assets/preview.png"
        assert meta["og:description"] == meta["twitter:description"] == meta["description"], name
        assert meta["og:title"] == meta["twitter:title"], name
        assert head.title.strip().startswith(meta["og:title"]), name
        assert meta["twitter:card"] == "summary_large_image" and meta["og:image:alt"] and meta["og:site_name"]


def test_the_picture_of_the_preview_is_as_large_as_it_is_said_to_be(site, heads):
    content = (site / "assets/preview.png").read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) < 100_000
    meta = heads[""].meta
    assert struct.unpack(">II", content[16:24]) == (int(meta["og:image:width"]), int(meta["og:image:height"]))


# Structured data


def is_a(type_, wanted):
    """A type is one of those wanted, or below one."""
    while type_ is not None and type_ not in wanted:
        type_ = PARENTS.get(type_)
        if type_ is None and "Thing" in wanted:
            return True
    return type_ is not None


def kinds_of(value):
    """What a value may count as, in the words of schema.org."""
    if isinstance(value, bool):
        return {"Boolean"}
    if isinstance(value, str):
        return {"Text", "URL"} if re.fullmatch(r"https://\S+", value) else {"Text"}
    return {value["@type"]} if isinstance(value, dict) else set()


def wrong_in(node, path="$"):
    """Everything that is not as schema.org defines it."""
    type_ = node.get("@type")
    if type_ not in {*PARENTS, "Thing"}:
        return [f"{path}: type {type_}"]
    found = [f"{path}: {name} is missing" for name in sorted(NEEDED.get(type_, set()) - set(node))]
    for name, value in node.items():
        if name in ("@type", "@context", "@id"):
            continue
        where = f"{path}.{name}"
        if name not in VOCABULARY:
            found.append(f"{where}: no such property")
            continue
        domains, ranges = VOCABULARY[name]
        if not is_a(type_, domains):
            found.append(f"{where}: not a property of {type_}")
        values = value if isinstance(value, list) else [value]
        found += [] if values else [f"{where}: empty"]
        for one in values:
            if not any(is_a(kind, ranges) if kind not in ranges else True for kind in kinds_of(one)):
                found.append(f"{where}: {one!r} is none of {sorted(ranges)}")
            if isinstance(one, dict):
                found += wrong_in(one, where)
            elif isinstance(one, str) and (not one.strip() or re.search(r"</?[A-Za-z][^<>]*>|@\{|\[@|<!--|\{:", one)):
                found.append(f"{where}: {one!r} is no plain text")
    return found


@pytest.fixture(scope="module")
def blocks(texts):
    """page -> its structured data, parsed; a page has one or none."""
    found = {name: BLOCK.findall(text) for name, text in texts.items()}
    assert all(len(one) < 2 for one in found.values())
    return {name: json.loads(one[0]) for name, one in found.items() if one}


def test_every_page_with_parts_says_so(blocks, texts):
    parts = {name for name, text in texts.items() if name.startswith("papers/") and 'class="part-footer"' in text}
    assert set(blocks) == parts and len(parts) > 20


def test_the_structured_data_is_as_schema_org_defines_it(blocks):
    assert {name: found for name, data in blocks.items() if (found := wrong_in(data))} == {}


def test_the_structured_data_holds_every_part_once(blocks, site, root):
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    questions = [one for data in blocks.values() for one in data["hasPart"]]
    assert sorted(one["@id"] for one in questions) == sorted(root + part["url"] for part in parts.values())


def test_the_structured_data_answers_as_the_data_set_does(blocks, site, root):
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    questions = {one["@id"]: one for data in blocks.values() for one in data["hasPart"]}
    for part in parts.values():
        one = questions[root + part["url"]]
        accepted = one["acceptedAnswer"] if isinstance(one["acceptedAnswer"], list) else [one["acceptedAnswer"]]
        said = [answer["text"] for answer in accepted]
        if "options" in part:
            options = part["options"].values()
            assert said == [plain(o["text"]) for o in options if o["right"]] or not any(o["right"] for o in options)
            wrong = [answer["text"] for answer in one.get("suggestedAnswer", [])]
            assert wrong == [plain(o["text"]) for o in options if not o["right"]]
        else:
            assert plain(part.get("text", "")) in said[0]
            assert all(f"{label} = " in said[0] for label in part["answer"])


def test_the_structured_data_stays_small(texts):
    added = {}
    for name, text in texts.items():
        if block := BLOCK.search(text):
            sizes = [len(gzip.compress(one.encode(), 9, mtime=0)) for one in (text, text.replace(block[0], ""))]
            added[name] = sizes[0] - sizes[1]
    assert {name: size for name, size in added.items() if size > ADDED} == {}
    assert max(added.values()) > 500  # or it would not have been measured


@pytest.fixture
def sample_quiz(folder):
    def make():
        project = Project(folder / "docs")
        meta = {"title": "Question 1", "description": "Two parts to break."}
        root = "https://sample.example/"
        return structured.script(project, folder / PAGE, f"{root}papers/sample/q1/", root, meta)

    return make


BROKEN = {
    "an invented property": (lambda quiz: quiz.update(marks="3"), "$.marks: no such property"),
    "a property of another type": (lambda quiz: quiz.update(eduQuestionType="x"), "$.eduQuestionType: not a property of Quiz"),
    "an invented type": (lambda quiz: quiz["hasPart"][0].update(about={"@type": "Subject"}), "$.hasPart.about: type Subject"),
    "a text where an answer is due": (lambda quiz: quiz["hasPart"][0].update(acceptedAnswer="4"), "$.hasPart.acceptedAnswer: '4' is none of"),
    "a part without its answer": (lambda quiz: quiz["hasPart"][1].pop("acceptedAnswer"), "$.hasPart: acceptedAnswer is missing"),
    "a licence without an address": (lambda quiz: quiz.update(license="CC BY"), "$.license: 'CC BY' is none of"),
    "HTML": (lambda quiz: quiz["hasPart"][0].update(text="a <b>b</b>"), "is no plain text"),
    "a value that was not filled in": (lambda quiz: quiz["hasPart"][0].update(text="It is @{x}."), "is no plain text"),
}  # fmt: skip


@pytest.mark.parametrize("spoil, says", BROKEN.values(), ids=BROKEN)
def test_the_check_of_the_structured_data_sees(sample_quiz, spoil, says):
    quiz = json.loads(BLOCK.fullmatch(sample_quiz())[1])
    assert wrong_in(quiz) == []
    spoil(quiz)
    assert len(found := wrong_in(quiz)) == 1 and says in found[0]


def test_no_text_of_an_author_can_end_the_block(sample_quiz, folder):
    change(folder / KEY, 'title = "A mean"', 'title = "A </script><script>alert(1)</script> mean"')
    written = sample_quiz()
    assert written.count("<") == 2 and "alert(1)" in written  # its own two tags
    assert json.loads(BLOCK.fullmatch(written)[1])["hasPart"][1]["name"].startswith("1b · A </script>")


def test_a_site_without_an_address_has_no_structured_data(folder):
    assert structured.script(Project(folder / "docs"), folder / PAGE, "", "", {}) == ""


PLAIN = {
    "a link": ("see [part *1a*](q1.md#1a)", "see part 1a"),
    "emphasis": ("**new** and *old*, 2 * 3 * 4", "new and old, 2 * 3 * 4"),
    "code": ("call `f(*x)` now", "call f(*x) now"),
    "a formula": (r"for $a * b < c_*$ and $x<y$", r"for $a * b < c_*$ and $x<y$"),
    "a fence": ("say:\n\n```python\nx = 1\n```\n", "say: x = 1"),
    "attributes and tags": ("word{: .small } <b>bold</b><!-- not this -->", "word bold"),
}


@pytest.mark.parametrize("text, expected", PLAIN.values(), ids=PLAIN)
def test_plain_text(text, expected):
    assert plain(text) == expected


# The search


@pytest.fixture(scope="module")
def index(site):
    return json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))


def test_every_page_of_a_paper_is_tagged_with_it(index, snapshot):
    project = Project(snapshot / "docs")
    short = {paper.id: paper.facts["short"] for paper in project.papers()}
    pages = [entry for entry in index["docs"] if re.match(r"papers/[^/]+/", entry["location"])]
    for entry in pages:
        expected = None if "#" in entry["location"] else [short[entry["location"].split("/")[1]]]
        assert entry.get("tags") == expected, entry["location"]
        assert entry["also"]
    assert len(pages) > 100


def test_what_is_added_to_the_index_is_of_the_question_only(index, snapshot):
    """Each name comes out of the key's facts, the topics and the sizes of the question: no label, digit or word of an answer."""
    project = Project(snapshot / "docs")
    tree = project.topic_tree().known
    names = {name for topic in tree.values() for name in (topic.title, *topic.also)}
    for paper in project.papers():
        names |= {paper.id, *(f"{paper.id}/{id_}" for id_ in paper.records)}
        names |= {paper.facts[fact] for fact in searching.FACTS}
    known = {piece for name in names for piece in name.split(" · ")}
    added = {piece for entry in index["docs"] for piece in entry.get("also", "").split(" · ")}
    sizes = {piece for piece in added - known if piece}
    assert sizes and all(re.fullmatch(r"\w+[x×]\w+", one) for one in sizes), sizes


def test_a_size_of_the_answer_is_not_added(folder):
    """Control of the test above: the sizes come out of the question, not out of the explanation or the hints."""
    change(folder / PAGE, "What is the mean of @{a} and @{c}?", "What is the mean of a $3 \\times 4$ matrix?")
    change(folder / PAGE, "Half of $@{total}$.", "Half of $@{total}$, as for $5 \\times 6$.")
    index = {"config": {"fields": {}}, "docs": [{"location": "papers/sample/q1/#1b", "title": "", "text": ""}]}
    also = searching.complete(index, Project(folder / "docs"))["docs"][0]["also"]
    assert "3x4" in also and "3×4" in also and "5x6" not in also


def test_no_number_of_an_answer_is_in_the_index(index, site, texts):
    """A number of an answer, long enough to be no coincidence, is in the index only where the page shows it anyway."""
    parts = json.loads((site / "answers.json").read_text(encoding="utf-8"))["parts"]
    entries = {entry["location"]: json.dumps(entry, ensure_ascii=False) for entry in index["docs"]}
    looked = 0
    for part in parts.values():
        section = entries[part["url"]]
        shown = shown_text(texts[part["url"].partition("#")[0]])
        for number in re.findall(r"\d+\.\d{3,}|\d{5,}", json.dumps(part["answer"])):
            looked += 1
            assert number not in section or number in shown, f"{part['url']}: {number}"
    assert looked > 50


def shown_text(text):
    """A page without its reveals; they stand inside each other."""
    article = text[text.index("<article") : text.index("</article>")]
    while (shorter := re.sub(r"<details\b(?:(?!<details\b).)*?</details>", "", article, flags=re.S)) != article:
        article = shorter
    return escaping.unescape(re.sub(r"<[^>]+>", " ", article))


def test_an_index_that_no_theme_has_made_is_not_completed(folder):
    assert searching.write(Project(folder / "docs"), folder) is None


FOUND = {
    "Adam": ("topics/adam/", "papers/bits-dnn-2022s2-endsem/q4/"),
    "JSD": ("topics/jensen-shannon/", "papers/bits-dl-exam-jsd/q6/"),
    "Jensen–Shannon": ("topics/jensen-shannon/", "papers/bits-dl-exam-jsd/q6/"),
    "Jensen-Shannon": ("topics/jensen-shannon/", "papers/bits-dl-exam-jsd/q6/"),
    "jensen shannon": ("topics/jensen-shannon/", "papers/bits-dl-exam-jsd/q6/"),
    "3x3": ("papers/bits-dnn-2022s2-endsem/q1/",),
    "3×3": ("papers/bits-dnn-2022s2-endsem/q1/",),
    "heavy ball": ("topics/momentum/",),
    "Glorot": ("topics/initialization/", "papers/uva-dl1-2022-resit/cheatsheet-2/"),
    "BITS Pilani mid-semester makeup": ("papers/bits-dnn-2022s2-midsem-makeup/",),
    "Instituto Superior Técnico": ("papers/ist-dl-2022-final-a/",),
    "uva-dl1-2022-resit": ("papers/uva-dl1-2022-resit/",),
    "adaptive moment estimation": ("topics/adam/", "papers/uva-dl1-2022-resit/cheatsheet-1/#cheatsheet-adam"),
    "part3-p2-3": ("papers/ist-dl-2022-final-a/part3-p2/#part3-p2-3",),
    "q6a": ("papers/bits-dl-exam-jsd/q6/#q6a",),
}


@pytest.fixture
def ask(visit, address):
    """Type into the search of the site: the addresses of its first results, and the page."""
    page = visit("about/", viewport={"width": 1280, "height": 900})

    def results(words):
        page.locator("input.md-search__input").click()
        page.wait_for_selector(
            "[data-md-component=search-result] .md-search-result__meta:not(:has-text('Initializing'))"
        )
        page.locator("input.md-search__input").fill(words)
        page.keyboard.press("End")  # the theme listens to keys
        page.wait_for_selector(".md-search-result__item h1")
        page.wait_for_timeout(200)
        found = page.evaluate("[...document.querySelectorAll('a.md-search-result__link')].map(one => one.href)")
        return page, [re.sub(r"\?h=[^#]*", "", one.removeprefix(address)) for one in found]

    return results


@pytest.mark.parametrize("words", FOUND)
def test_the_search_finds(ask, words):
    page, found = ask(words)
    assert [wanted for wanted in FOUND[words] if wanted not in found[:12]] == [], found[:12]
    assert page.complaints == []


def test_a_result_names_its_paper_and_its_part(ask):
    page, _ = ask("Adam")
    item = page.locator(".md-search-result__item", has=page.locator("a[href*='endsem/q4/']")).first
    item.locator("summary").click()
    assert item.locator("h1").inner_text().startswith("Question 4")
    assert item.locator(".md-tag").inner_text() == "BITS Pilani · DNN 2022–23 · end-semester"
    assert item.locator("h2").first.inner_text().startswith("4a · ")


def test_names_that_are_only_searched_are_not_shown(ask):
    page, _ = ask("adaptive moment estimation")
    item = page.locator(".md-search-result__item", has=page.locator("a[href*='topics/adam/']")).first
    assert item.locator("h1").inner_text() == "Adam"
    assert "adaptive moment estimation" not in item.inner_text()


# Data is no script: it is allowed where scripts in the page are not


def test_a_policy_that_forbids_scripts_in_the_page_allows_the_structured_data(visit, address, texts):
    """With the policy, a script in the page is refused and complained of, the block of data is neither."""
    page = visit("about/")
    block = BLOCK.search(texts["papers/bits-dnn-2022s2-endsem/q4/"])[0]
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'\">"
    page.route("**/policy/*", lambda route: route.fulfill(
        content_type="text/html",
        body=f"<!doctype html><head>{policy}{block}{'<script>document.title = 1</script>' * route.request.url.endswith('with')}",
    ))  # fmt: skip
    for name, complaints in (("without", 0), ("with", 1)):
        page.complaints.clear()
        page.goto(f"{address}policy/{name}")
        data = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
        assert data["@type"] == "Quiz" and page.title() == ""
        assert len([said for said in page.complaints if "Content Security Policy" in said]) == complaints


def test_the_parts_of_the_data_set_are_those_of_the_structured_data(folder):
    project = Project(folder / "docs")
    record = project.paper("sample").records["1a"]
    assert export.part(project, project.paper("sample"), record) == export.data(project)["parts"]["sample/1a"]

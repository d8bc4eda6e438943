"""A second sample paper: a choice question, a concept with a computed claim, a concept in words alone, a proof."""

from __future__ import annotations

from pathlib import Path

KEY, PAGE = "docs/papers/words/key.toml", "docs/papers/words/q1.md"
SOURCES, NOTATION, TOPIC, BIBLIOGRAPHY, TREE = (
    "docs/about/sources.md",
    "docs/about/notation.md",
    "docs/topics/adam.md",
    "docs/bibliography.toml",
    "docs/topics.toml",
)

KEY_TEXT = r"""[paper]
title = "A paper in words"
short = "Words"
institution = "Nowhere"
course = "Testing"
year = "2024"
parts = 4

[parts.1a]
title = "Which shape"
marks = 2
kind = "mcq"
topics = ["adam"]
assumes = ["shapes"]
computed = ["a", "b"]
verdict = "agrees"
because = "The key ticks the same, see [@lovelace1843, note G]."

[parts.1a.answer]
right = ["a", "c"]

[parts.1a.printed]
right = ["c", "a"]

[parts.1a.lines]
conv.n_out = 4
conv.shape = [4, 4, 2]

[[parts.1a.readings]]
right = ["a"]
text = "When only one may be ticked of $n = @{size}$."

[parts.1b]
title = "What a mean is"
kind = "concept"
topics = []
verdict = "unkeyed"
because = "No key was published."

[parts.1b.lines]
mean = 1.5

[parts.1c]
title = "Words alone"
kind = "concept"
topics = []
verdict = "unkeyed"
because = "No key was published."

[parts.1d]
title = "A step"
kind = "proof"
topics = []
verdict = "unkeyed"
because = "No key was published."

[parts.1d.answer]
square = "x**2 + 2*x + 1"
"""

PAGE_TEXT = r"""---
title: "Question 1"
description: Words to break.
---

# Question 1

``` part 1a
size, kernel = 6, 3
```

Which statements about an image of size @{size} are true?

- [x] a. The filter fits
  @{size} minus @{kernel} plus 1 times.

    That is @{conv.n_out} times.

- [ ] b. The output is $5 \times 5$.

    It is @{conv.n_out} wide.

- [x] c. There are two maps.

    One for each filter.

??? hint
    Count the places.

``` solution
conv = conv_layer.trace(size, kernel, 2)
choices(a=conv["n_out"] == size - kernel + 1, b=conv["n_out"] == 5)
```

One map per filter.

!!! marks
    Forgetting the filters.

``` part 1b
a, c = 1, 2
```

What is a mean?

``` solution
mean = (a + c) / 2  # halve the sum
```

!!! answer
    The sum, shared out: here @{mean}.

A mean needs a sum [@lovelace1843].

``` part 1c
```

Why?

!!! answer
    Because.

Therefore.

## After the parts

Nothing belongs to part 1c here.

``` part 1d
x = variable("x")
```

Show that it is a square.

``` solution
square = equal((x + 1)**2, x**2 + 2*x + 1)  # multiply out
answer(square=square)
```

!!! answer
    It is.
"""

FILES = {
    "docs/papers/words/index.md": "# Words\n\n``` list parts\n```\n",
    KEY: KEY_TEXT,
    PAGE: PAGE_TEXT,
    SOURCES: "# Sources\n\n``` list sources\n```\n",
    NOTATION: "# Notation\n\n### Shapes {: #shapes }\n\nHeight first.\n",
    "docs/topics/index.md": "# Topics\n\n``` list topics\n```\n",
    TOPIC: '# Adam\n\n``` check\nx = variable("x")\nfactor = equal(x**2 - 1, (x - 1) * (x + 1))  # a difference of squares\n```\n\n'
    "``` list topic\n```\n",
    BIBLIOGRAPHY: '[lovelace1843]\ncite = "Lovelace 1843"\ntext = "A. A. Lovelace: Notes. 1843."\nurl = "https://sources.example/notes"\n',
}


def with_words(folder: Path) -> Path:
    """Add the second paper to a sample site."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder

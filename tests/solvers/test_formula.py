import ast
import operator
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from solvers.dialects import ATOM, MULTIPLY, TEX, WORDS, filled, group, value_written, wrap, write_value
from solvers.exact import Given, Shape
from solvers.formula import FormulaError, Writer
from solvers.site.maths import to_html
from solvers.templates import FUNCTIONS


def write(source, dialect, indices=None, rename=None, operands=None, shown=None):
    node = ast.parse(source, mode="eval").body
    return Writer(dialect, operands or shown or {}, indices or {}, shown, rename or {}).write(node)


def compiles(tex):
    return "katex" in to_html(tex, output="html")


# formulas in symbols: id, source, TeX, words

SYMBOLS = [
    ("sum", "a + b - c", "a + b - c", "a + b − c"),
    ("difference of a difference", "a - (b - c)", r"a - \left(b - c\right)", "a − (b − c)"),
    ("difference from the left", "(a - b) - c", "a - b - c", "a − b − c"),
    ("order of the author", "b + w*x", r"b + w\,x", "b + w · x"),
    ("product of a sum", "a*(b + c)", r"a\,\left(b + c\right)", "a · (b + c)"),
    ("product of a number", "2*x", r"2\,x", "2 · x"),
    ("product with a number behind", "x*2", r"x \cdot 2", "x · 2"),
    ("product of numbers", "2*3", r"2 \cdot 3", "2 · 3"),
    ("fraction", "a/b", r"\frac{a}{b}", "a / b"),
    ("fraction of sums", "(a + b)/(c - d)", r"\frac{a + b}{c - d}", "(a + b) / (c − d)"),
    ("fraction of a fraction", "a/(b/c)", r"\frac{a}{\frac{b}{c}}", "a / (b / c)"),
    ("fraction of a product", "a/(b*c)", r"\frac{a}{b\,c}", "a / (b · c)"),
    ("fraction squared", "(a/b)**2", r"\left(\frac{a}{b}\right)^{2}", "(a / b)^2"),
    ("fraction times", "a/b*c", r"\frac{a}{b}\,c", "a / b · c"),
    ("power", "x**2", "x^{2}", "x^2"),
    ("power of a sum", "(a + b)**2", r"\left(a + b\right)^{2}", "(a + b)^2"),
    ("power of a product", "(a*b)**2", r"\left(a\,b\right)^{2}", "(a · b)^2"),
    ("power of a power", "(x**2)**3", r"\left(x^{2}\right)^{3}", "(x^2)^3"),
    ("power with a sum above", "x**(n + 1)", "x^{n + 1}", "x^(n + 1)"),
    ("negative exponent", "x**-2", "x^{-2}", "x^(−2)"),
    ("decimal exponent", "x**0.5", "x^{0.5}", "x^(0.5)"),
    ("minus a power", "-x**2", "-x^{2}", "−x^2"),
    ("power of a minus", "(-x)**2", r"\left(-x\right)^{2}", "(−x)^2"),
    ("minus a sum", "-(a + b)", r"-\left(a + b\right)", "−(a + b)"),
    ("minus first in a product", "-a*b", r"-a\,b", "−a · b"),
    ("minus second in a product", "a*(-b)", r"a\,\left(-b\right)", "a · (−b)"),
    ("minus after plus", "a + (-b)", r"a + \left(-b\right)", "a + (−b)"),
    ("minus after minus", "a - -b", r"a - \left(-b\right)", "a − (−b)"),
    ("minus of a minus", "-(-a)", r"-\left(-a\right)", "−(−a)"),
    ("floor division", "n//s", r"\left\lfloor \frac{n}{s} \right\rfloor", "the floor of (n / s)"),
    ("root", "sqrt(v + 1)", r"\sqrt{v + 1}", "the square root of (v + 1)"),
    ("exponential", "exp(-z)", "e^{-z}", "e to the power (−z)"),
    ("exponential squared", "exp(z)**2", r"\left(e^{z}\right)^{2}", "(e to the power (z))^2"),
    ("logarithm", "ln(1 - p)", r"\ln\left(1 - p\right)", "ln(1 − p)"),
    ("logarithm to base 2", "log2(p)", r"\log_2\left(p\right)", "log base 2 of (p)"),
    ("sigmoid", "sigmoid(w*x)", r"\sigma\left(w\,x\right)", "sigma(w · x)"),
    ("maximum", "max(a, b)", r"\max\left(a, b\right)", "the maximum of (a, b)"),
    ("maximum of a power", "max(a**2, b)", r"\max\left(a^{2}, b\right)", "the maximum of (a^2, b)"),
    ("unknown function", "larger(a, b)", r"\operatorname{larger}\left(a, b\right)", "larger(a, b)"),
    ("matrix product", "W @ x", r"W\,x", "W · x"),
    ("sum of a vector", "sum(v)", r"\sum_i {v}_{i}", "the sum over i of v i"),
    ("sum in a product", "a*sum(v)", r"a\,\left(\sum_i {v}_{i}\right)", "a · (the sum over i of v i)"),
    ("sum over pairs", "sum(p*q for p, q in zip(P, Q))", r"\sum_i {P}_{i}\,{Q}_{i}",
     "the sum over i of P i · Q i"),
    ("element", "x[0]", "{x}_{0}", "x 0"),
    ("list", "[a, b + 1]", r"\begin{bmatrix}a & b + 1\end{bmatrix}", "[a, b + 1]"),
    ("matrix", "[[a, b], [c, d]]", r"\begin{bmatrix}a & b \\ c & d\end{bmatrix}", "[a, b; c, d]"),
    ("literals", "1 - 0.25", "1 - 0.25", "1 − 0.25"),
    ("scientific literal", "1e-8 + x", "10^{-8} + x", "1·10^-8 + x"),
    ("dims", "dims(n, n, c)", r"n \times n \times c", "n by n by c"),
    ("two dims", "dims(a, b)", r"a \times b", "a by b"),
    ("larger of two sizes", "larger_size(a, b)", r"\max\left(\left|a\right|,\ \left|b\right|\right)",
     "the maximum of |a| and |b|"),
    ("greek and accents", "beta1*m_hat", r"\beta_{1}\,\hat{m}", "beta 1 · m hat"),
    ("partial derivative", "dL_dz*x", r"\frac{\partial L}{\partial z}\,x", "d L by d z · x"),
    ("partial derivative squared", "dL_dz**2", r"\left(\frac{\partial L}{\partial z}\right)^{2}",
     "(d L by d z)^2"),
]  # fmt: skip
NAMES = [row[0] for row in SYMBOLS]


@pytest.mark.parametrize("source, tex", [(row[1], row[2]) for row in SYMBOLS], ids=NAMES)
def test_symbols_as_tex(source, tex):
    assert write(source, TEX) == tex


@pytest.mark.parametrize("source, words", [(row[1], row[3]) for row in SYMBOLS], ids=NAMES)
def test_symbols_as_words(source, words):
    assert write(source, WORDS) == words


@pytest.mark.parametrize("tex", [row[2] for row in SYMBOLS], ids=NAMES)
def test_the_tex_of_symbols_compiles(tex):
    assert compiles(tex)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_with_a_notation_can_be_written(name):
    source = f"{name}(a, b, c, d, e)"
    assert compiles(write(source, TEX))
    assert "a" in write(source, WORDS)
    assert not set("{}\\") & set(write(source, WORDS))


# formulas with numbers: id, source, what the names stand for, TeX, words

third = Fraction(1, 3)
NUMBERS = [
    ("sum", "a + b", {"a": 2, "b": 3}, "2 + 3", "2 + 3"),
    ("negative summand", "a + b", {"a": -2, "b": -3}, r"-2 + \left(-3\right)", "−2 + (−3)"),
    ("negative subtrahend", "a - b", {"a": 2, "b": -3}, r"2 - \left(-3\right)", "2 − (−3)"),
    ("product", "w*x", {"w": 2, "x": 3}, r"2 \cdot 3", "2 · 3"),
    ("negative first factor", "w*x", {"w": -2, "x": 3}, r"-2 \cdot 3", "−2 · 3"),
    ("negative second factor", "w*x", {"w": 2, "x": -3}, r"2 \cdot \left(-3\right)", "2 · (−3)"),
    ("negative base", "x**2", {"x": -3}, r"\left(-3\right)^{2}", "(−3)^2"),
    ("negative exponent", "x**n", {"x": 3, "n": -2}, "3^{-2}", "3^(−2)"),
    ("minus a negative", "-x", {"x": -3}, r"-\left(-3\right)", "−(−3)"),
    ("decimal as written", "w*x", {"w": Given("0.50"), "x": 2}, r"0.50 \cdot 2", "0.50 · 2"),
    ("fraction", "x/y", {"x": 1, "y": 3}, r"\frac{1}{3}", "1 / 3"),
    ("negative divisor", "x/y", {"x": 1, "y": -3}, r"\frac{1}{-3}", "1 / (−3)"),
    ("third above", "x/y", {"x": third, "y": 2}, r"\frac{\frac{1}{3}}{2}", "1 / 3 / 2"),
    ("third below", "x/y", {"x": 2, "y": third}, r"\frac{2}{\frac{1}{3}}", "2 / (1 / 3)"),
    ("third squared", "x**2", {"x": third}, r"\left(\frac{1}{3}\right)^{2}", "(1 / 3)^2"),
    ("negative third squared", "x**2", {"x": -third}, r"\left(-\frac{1}{3}\right)^{2}", "(−1 / 3)^2"),
    ("third times", "x*y", {"x": third, "y": 2}, r"\frac{1}{3} \cdot 2", "1 / 3 · 2"),
    ("scientific in a product", "a*x", {"a": Given("2e-3"), "x": 5}, r"2 \times 10^{-3} \cdot 5",
     "2·10^-3 · 5"),
    ("scientific squared", "a**2", {"a": Given("1e-8")}, r"\left(10^{-8}\right)^{2}", "(1·10^-8)^2"),
    ("large number", "n + 1", {"n": 1234567}, r"1\,234\,567 + 1", "1 234 567 + 1"),
    ("unknown name stays", "a*b", {"a": 2}, r"2 \cdot b", "2 · b"),
    ("function", "ln(p)", {"p": Given("0.25")}, r"\ln\left(0.25\right)", "ln(0.25)"),
    ("sum of a vector", "sum(v)", {"v": [1, -2, 3]}, r"1 + \left(-2\right) + 3", "1 + (−2) + 3"),
    ("empty sum", "sum(v)", {"v": []}, "0", "0"),
    ("sum over pairs", "sum(p*q for p, q in zip(P, Q))", {"P": [1, 2], "Q": [3, -4]},
     r"1 \cdot 3 + 2 \cdot \left(-4\right)", "1 · 3 + 2 · (−4)"),
    ("sum in a product", "a*sum(v)", {"a": 2, "v": [1, 3]}, r"2 \cdot \left(1 + 3\right)", "2 · (1 + 3)"),
    ("element", "x[1]", {"x": [4, 5]}, "5", "5"),
    ("last element", "x[-1]", {"x": [4, 5]}, "5", "5"),
    ("element by a name", "x[i]", {"x": [4, 5, 6], "i": 2}, "6", "6"),
    ("element by an index computed", "x[i - 1]*2", {"x": [4, 5, 6], "i": 2}, r"5 \cdot 2", "5 · 2"),
    ("matrix times vector", "W @ x", {"W": np.array([[1, 2], [3, 4]]), "x": np.array([5, 6])},
     r"\begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}\,\begin{bmatrix}5 \\ 6\end{bmatrix}",
     "[1, 2; 3, 4] · [5; 6]"),
    ("row times vector", "w @ h", {"w": np.array([1, 2]), "h": np.array([5, 6])},
     r"\begin{bmatrix}1 & 2\end{bmatrix}\,\begin{bmatrix}5 \\ 6\end{bmatrix}", "[1, 2] · [5; 6]"),
    ("elementwise", "f*c", {"f": np.array([1, 2]), "c": np.array([5, 6])},
     r"\begin{bmatrix}1 & 2\end{bmatrix} \odot \begin{bmatrix}5 & 6\end{bmatrix}", "[1, 2] · [5, 6]"),
    ("number times vector", "a*c", {"a": 2, "c": np.array([5, 6])},
     r"2 \cdot \begin{bmatrix}5 & 6\end{bmatrix}", "2 · [5, 6]"),
    ("expression", "a*b", {"a": sympy.Symbol("x") + 1, "b": 2}, r"\left(x + 1\right) \cdot 2", "(x + 1) · 2"),
    ("power of an expression", "a**2", {"a": sympy.Symbol("x") ** 3}, r"\left(x^{3}\right)^{2}", "(x^3)^2"),
]  # fmt: skip
IDS = [row[0] for row in NUMBERS]


@pytest.mark.parametrize("source, shown, tex", [(r[1], r[2], r[3]) for r in NUMBERS], ids=IDS)
def test_numbers_as_tex(source, shown, tex):
    assert write(source, TEX, shown=shown) == tex


@pytest.mark.parametrize("source, shown, words", [(r[1], r[2], r[4]) for r in NUMBERS], ids=IDS)
def test_numbers_as_words(source, shown, words):
    assert write(source, WORDS, shown=shown) == words


@pytest.mark.parametrize("tex", [row[3] for row in NUMBERS], ids=IDS)
def test_the_tex_of_numbers_compiles(tex):
    assert compiles(tex)


# any formula: what is written says what is computed

leaves = st.sampled_from("abcd")
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda t: f"({t[1]}) {t[0]} ({t[2]})"),
        inner.map(lambda t: f"-({t})"),
        inner.map(lambda t: f"({t})**2"),
    ),
    max_leaves=6,
)
values = st.fixed_dictionaries(
    {name: st.sampled_from([2, -3, Fraction(1, 3), Fraction(-5, 7), 1, -1]) for name in "abcd"}
)
SIGNS = re.compile(r"[-+−·]\s*[-−]|\\cdot\s*-")  # a sign directly after an operator


def evaluated(source, names):
    try:
        return eval(source, {"__builtins__": {}}, {name: Fraction(value) for name, value in names.items()})
    except ZeroDivisionError:
        return None


def read_words(text):
    """The value of a formula in words, read by Python's rules of precedence."""
    text = text.replace("−", "-").replace("·", "*").replace("^", "**")
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", text), {"Fraction": Fraction})


def read_tex(tex):
    """The value of a formula in TeX: \\frac{a}{b} is read as a call with a and then b."""
    for old, new in (
        (r"\left", ""),
        (r"\right", ""),
        (r"\cdot", "*"),
        (r"\frac", "over"),
        ("^", "**"),
        ("{", "("),
        ("}", ")"),
    ):
        tex = tex.replace(old, new)
    over = lambda top: lambda bottom: operator.truediv(top, bottom)  # noqa: E731
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", tex), {"Fraction": Fraction, "over": over})


@given(trees, values)
def test_words_read_back_give_the_value(source, names):
    value = evaluated(source, names)
    assume(value is not None)
    assert read_words(write(source, WORDS, shown=names)) == value


@given(trees, values)
def test_tex_read_back_gives_the_value(source, names):
    value = evaluated(source, names)
    assume(value is not None)
    assert read_tex(write(source, TEX, shown=names)) == value


# 1 + -2 · 3 is no notation, neither is --2
@pytest.mark.parametrize("dialect", [TEX, WORDS], ids=["tex", "words"])
@given(trees, values)
def test_no_sign_follows_an_operator(dialect, source, names):
    assert not SIGNS.search(write(source, dialect, shown=names))
    assert not SIGNS.search(write(source, dialect))


@given(trees, values)
def test_any_tex_compiles(source, names):
    assert compiles(write(source, TEX))
    assert compiles(write(source, TEX, shown=names))


# names with passes


@pytest.mark.parametrize(
    "source, indices, tex, words",
    [
        ("w*h", {"h": (1,)}, r"w\,h_{1}", "w · h 1"),
        ("W_h @ h_t", {"h_t": (2,)}, r"W_{h}\,h_{2}", "W h · h t 2"),
        ("p + q", {"p": (2, 1)}, "p_{2,1} + q", "p 2 1 + q"),
    ],
    ids=["carried", "t is the pass", "nested"],
)
def test_names_carry_their_pass(source, indices, tex, words):
    assert write(source, TEX, indices=indices) == tex
    assert write(source, WORDS, indices=indices) == words
    assert compiles(tex)


# a name that already has a superscript cannot take the exponent directly: TeX refuses x^{a}^{b}
@pytest.mark.parametrize(
    "source, indices, rename",
    [
        ("w1**2", {"w1": (2,)}, {}),
        ("lr_star**2", {}, {}),
        ("h_prev**2", {"h_prev": (1,)}, {}),
        ("a**2", {}, {"a": "x_star"}),
    ],
    ids=["pass above a subscript", "star", "pass of a named state", "renamed"],
)
def test_a_name_with_a_superscript_can_be_squared(source, indices, rename):
    assert compiles(write(source, TEX, indices=indices, rename=rename))


def test_a_name_is_shown_under_another_name():
    assert write("lr*g", TEX, rename={"g": "dL_dw"}) == r"\eta\,\frac{\partial L}{\partial w}"
    assert write("g**2", TEX, rename={"g": "dL_dw"}) == r"\left(\frac{\partial L}{\partial w}\right)^{2}"


def test_vectors_are_told_by_their_operands():
    vectors = {"f": np.array([1, 2]), "c": np.array([3, 4]), "a": 2}
    assert write("f*c", TEX, operands=vectors) == r"f \odot c"
    assert write("a*c", TEX, operands=vectors) == r"a\,c"
    assert write("tanh(f)*c", TEX, operands=vectors) == r"\tanh\left(f\right) \odot c"
    assert write("sum(f)*c", TEX, operands=vectors) == r"\left(\sum_i {f}_{i}\right)\,c"


# what has no notation, or would lose a part of what was computed


@pytest.mark.parametrize(
    "source",
    [
        "a if b else c",
        "a < b",
        "a and b",
        "not a",
        "+a",
        "a % b",
        "x.T",
        "x.f(a)",
        "x[1:2]",
        "[a for a in x]",
        "f(*x)",
        "{a: b}",
    ],
)
def test_without_notation_the_expression_is_named(source):
    with pytest.raises(FormulaError):
        write(source, TEX)


def test_the_error_names_the_expression():
    with pytest.raises(FormulaError, match="'a if b else c' has no notation"):
        write("1 + (a if b else c)", TEX)


def test_a_function_that_lacks_an_argument_is_named():
    with pytest.raises(FormulaError, match=r"'larger_size\(a\)' has too few arguments"):
        write("larger_size(a)", TEX)


@pytest.mark.parametrize("index", ["k", "n", "x"], ids=["unknown", "nothing", "a list"])
def test_an_index_that_is_no_whole_number_is_named(index):
    with pytest.raises(FormulaError, match=f"the index {index!r} is no whole number"):
        write(f"x[{index}]", TEX, shown={"x": [4, 5], "n": None})


def test_a_line_of_a_trace_is_written_with_its_name_or_its_digits():
    assert write('conv["N"]', WORDS) == "N conv"
    assert write('conv["N"] + 1', WORDS, shown={"conv": {"N": 28}}) == "28 + 1"
    assert compiles(write('conv["N"]', TEX))


@pytest.mark.parametrize(
    "source, shown",
    [
        ("f(x, key=2)", None),
        ("sum(v, 1)", None),
        ("sum(p for p in P if p > 0)", None),
        ("sum(p for p in P if p > 0)", {"P": [1, -1]}),
        ("sum(i**2 for i in range(n))", None),
        ("sum(i**2 for i in range(n))", {"n": 3}),
        ("sum(p*q for p in P for q in Q)", None),
    ],
    ids=[
        "keyword",
        "start of a sum",
        "filter",
        "filter with numbers",
        "range",
        "range with numbers",
        "two loops",
    ],
)
def test_a_part_that_would_be_dropped_is_refused(source, shown):
    with pytest.raises(FormulaError):
        write(source, TEX, shown=shown)


# values

x = sympy.Symbol("x")
VALUES = [
    ("int", 42, "42", "42"),
    ("negative int", -42, "-42", "−42"),
    ("four digits", 4800, "4800", "4800"),
    ("five digits", 48000, r"48\,000", "48 000"),
    ("millions", -1234567, r"-1\,234\,567", "−1 234 567"),
    ("five digits and places", Given("12345.678"), r"12\,345.678", "12 345.678"),
    ("given", Given("0.50"), "0.50", "0.50"),
    ("given with underscores", Given("1_000.5"), "1000.5", "1000.5"),
    ("given in scientific notation", Given("1e-8"), "10^{-8}", "1·10^-8"),
    ("mantissa", Given("-2.50E+06"), r"-2.50 \times 10^{6}", "−2.50·10^6"),
    ("exponent zero", Given("3e0"), "3", "3"),
    ("decimal fraction", Fraction(1, 8), "0.125", "0.125"),
    ("negative decimal fraction", Fraction(-1, 8), "-0.125", "−0.125"),
    ("six places", Fraction(1, 10**6), "0.000001", "0.000001"),
    ("seven places", Fraction(1, 10**7), r"\frac{1}{10000000}", "1 / 10000000"),
    ("third", Fraction(1, 3), r"\frac{1}{3}", "1 / 3"),
    ("negative third", Fraction(-2, 3), r"-\frac{2}{3}", "−2 / 3"),
    ("whole fraction", Fraction(6, 2), "3", "3"),
    ("large exact fraction", Fraction(2**60 + 1, 2), r"576\,460\,752\,303\,423\,488.5",
     "576 460 752 303 423 488.5"),
    ("float", 0.1 + 0.2, "0.3", "0.3"),
    ("long float", 2 / 3, "0.666667", "0.666667"),
    ("small float", 1.5e-9, r"1.5 \times 10^{-9}", "1.5·10^-9"),
    ("large float", 2.5e12, r"2.5 \times 10^{12}", "2.5·10^12"),
    ("numpy float", np.float64(0.25), "0.25", "0.25"),
    ("numpy float32", np.float32(0.25), "0.25", "0.25"),
    ("array without dimensions", np.array(0.25), "0.25", "0.25"),
    ("numpy int", np.int64(7), "7", "7"),
    ("decimal keeps its zeros", Decimal("0.50"), "0.50", "0.50"),
    ("small decimal", Decimal("0.000012"), r"1.2 \times 10^{-5}", "1.2·10^-5"),
    ("decimal with exponent", Decimal("1.2e3"), r"1.2 \times 10^{3}", "1.2·10^3"),
    ("zero decimal", Decimal("0.00"), "0.00", "0.00"),
    ("word", "saddle point", r"\text{saddle point}", "saddle point"),
    ("word with a percent sign", "50%", r"\text{50\%}", "50%"),
    ("word with an underscore", "a_b", r"\text{a\_b}", "a_b"),
    ("yes", True, r"\text{yes}", "yes"),
    ("no", False, r"\text{no}", "no"),
    ("vector", np.array([1, 2]), r"\begin{bmatrix}1 & 2\end{bmatrix}", "[1, 2]"),
    ("column", np.array([[1], [2]]), r"\begin{bmatrix}1 \\ 2\end{bmatrix}", "[1; 2]"),
    ("matrix", [[1, Fraction(-1, 3)], [Given("0.10"), 4]],
     r"\begin{bmatrix}1 & -\frac{1}{3} \\ 0.10 & 4\end{bmatrix}", "[1, −1 / 3; 0.10, 4]"),
    ("empty", np.array([], dtype=object), r"\begin{bmatrix}\end{bmatrix}", "[]"),
    ("words in a vector", ["–", 1], r"\begin{bmatrix}\text{–} & 1\end{bmatrix}", "[–, 1]"),
    ("shape", Shape((252, 252, 64)), r"252 \times 252 \times 64", "252 by 252 by 64"),
    ("expression", x**2 / 2, r"\frac{x^{2}}{2}", "x^2/2"),
    ("symbolic matrix", sympy.Matrix([[x, 1], [0, 2]]),
     r"\left[\begin{matrix}x & 1\\0 & 2\end{matrix}\right]", "Matrix([[x, 1], [0, 2]])"),
]  # fmt: skip
VALUE_IDS = [row[0] for row in VALUES]


@pytest.mark.parametrize("value, tex", [(row[1], row[2]) for row in VALUES], ids=VALUE_IDS)
def test_values_as_tex(value, tex):
    assert write_value(value) == tex


def test_what_is_no_value_is_named_by_its_type():
    with pytest.raises(ValueError, match="a dict cannot be written as a value"):
        write_value({"a": 1})


@pytest.mark.parametrize("value, words", [(row[1], row[3]) for row in VALUES], ids=VALUE_IDS)
def test_values_as_words(value, words):
    assert write_value(value, WORDS) == words


@pytest.mark.parametrize("tex", [row[2] for row in VALUES], ids=VALUE_IDS)
def test_the_tex_of_values_compiles(tex):
    assert compiles(tex)


def test_a_vector_can_stand_as_a_column():
    assert write_value([1, 2], TEX, column=True) == r"\begin{bmatrix}1 \\ 2\end{bmatrix}"


@given(st.integers(-(10**12), 10**12))
def test_a_written_integer_reads_back(number):
    assert int(write_value(number).replace(r"\,", "")) == number
    assert int(write_value(number, WORDS).replace(" ", "").replace("−", "-")) == number


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=200))
def test_a_written_fraction_reads_back_exactly(number):
    assert Fraction(write_value(number, WORDS).replace(" ", "").replace("−", "-")) == number


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_a_written_float_has_six_significant_digits(number):
    mantissa, _, exponent = write_value(number, WORDS).replace(" ", "").replace("−", "-").partition("·10^")
    assert float(f"{mantissa}e{exponent or 0}") == pytest.approx(number, rel=5.1e-6)


@pytest.mark.parametrize(
    "mantissa, grouped",
    [
        ("1234", "1234"),
        ("12345", "12 345"),
        ("-1234567.891", "-1 234 567.891"),
        ("0.123456", "0.123456"),
        ("−12345", "−12 345"),
    ],
)
def test_group(mantissa, grouped):
    assert group(mantissa, " ") == grouped


def test_a_loose_text_is_wrapped_where_its_place_asks():
    assert wrap(WORDS, ("a + b", 1), MULTIPLY) == "(a + b)"
    assert wrap(WORDS, ("a · b", MULTIPLY), MULTIPLY) == "a · b"
    assert wrap(WORDS, ("−2", ATOM), MULTIPLY, signed=True) == "(−2)"


def test_a_value_says_how_tightly_it_binds():
    assert value_written(3, WORDS) == ("3", ATOM)
    assert value_written(-3, WORDS)[1] < ATOM


def test_a_template_takes_one_argument_or_all():
    assert filled("ln({0})", ["x"]) == "ln(x)"
    assert filled("max({*, })", ["a", "b"]) == "max(a, b)"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.dialects import write_value
from solvers.notation import SYMBOLS, tex_name, word_name
from solvers.symbolic import positive, variable

NAMES = [  # name, TeX, words
    ("x", "x", "x"),
    ("W", "W", "W"),
    ("x1", "x_{1}", "x 1"),
    ("beta", r"\beta", "beta"),
    ("beta1", r"\beta_{1}", "beta 1"),
    ("Omega", r"\Omega", "Omega"),
    ("y_hat", r"\hat{y}", "y hat"),
    ("x_bar", r"\bar{x}", "x bar"),
    ("v1_bar", r"\bar{v}_{1}", "v 1 bar"),
    ("x_tilde", r"\tilde{x}", "x tilde"),
    ("m_t", "m_{t}", "m t"),
    ("h_prev", r"h_{\text{prev}}", "h prev"),
    ("x_star", r"x^{\ast}", "x star"),
    ("r_P", "r_{P}", "r P"),
    ("KL_P", r"\text{KL}_{P}", "KL P"),
    ("error", r"\text{error}", "error"),
    ("mu_k", r"\mu_{k}", "mu k"),
    ("x_alpha", r"x_{\alpha}", "x alpha"),
    ("a_b_c", "a_{b,c}", "a b c"),
    ("lr", r"\eta", "eta"),
    ("eps", r"\epsilon", "epsilon"),
    ("lambda_max", r"\lambda_{\max}", "lambda max"),
    ("dL_dw", r"\frac{\partial L}{\partial w}", "d L by d w"),
    ("dL_dw1", r"\frac{\partial L}{\partial w_{1}}", "d L by d w 1"),
    ("df_dx", r"\frac{\partial f}{\partial x}", "d f by d x"),
    ("dloss_dy_hat", r"\frac{\partial L}{\partial \hat{y}}", "d loss L by d y hat"),
    # words that begin with d are no derivatives
    ("d_model", r"d_{\text{model}}", "d model"),
    ("data_dim", r"\text{data}_{\text{dim}}", "data dim"),
    ("dense_dropout", r"\text{dense}_{\text{dropout}}", "dense dropout"),
]
IDS = [row[0] for row in NAMES]


@pytest.mark.parametrize("name, tex", [(row[0], row[1]) for row in NAMES], ids=IDS)
def test_names_as_tex(name, tex):
    assert tex_name(name) == tex


@pytest.mark.parametrize("name, words", [(row[0], row[2]) for row in NAMES], ids=IDS)
def test_names_as_words(name, words):
    assert word_name(name) == words


PASSES = [  # name, index, TeX, words
    ("h", (2,), "h_{2}", "h 2"),
    ("h_t", (2,), "h_{2}", "h t 2"),
    ("z_hat", (1,), r"\hat{z}_{1}", "z hat 1"),
    ("p", (2, 3), "p_{2,3}", "p 2 3"),
    ("w1", (2,), "w_{1}^{(2)}", "w 1 2"),
    ("h_prev", (1,), r"h_{\text{prev}}^{(1)}", "h prev 1"),
    ("per_gate", (1,), r"N_{\text{gate}}^{(1)}", "parameters per gate 1"),
    ("total", (3,), r"\text{total}_{3}", "total 3"),
]
PASS_IDS = [f"{row[0]} {row[1]}" for row in PASSES]


@pytest.mark.parametrize("name, index, tex", [row[:3] for row in PASSES], ids=PASS_IDS)
def test_a_pass_is_a_subscript_or_stands_above_one(name, index, tex):
    assert tex_name(name, index) == tex


@pytest.mark.parametrize("name, index, words", [(row[0], row[1], row[3]) for row in PASSES], ids=PASS_IDS)
def test_a_pass_in_words(name, index, words):
    assert word_name(name, index) == words


PIECES = [
    "x",
    "w1",
    "beta",
    "beta2",
    "error",
    "t",
    "hat",
    "star",
    "prev",
    "alpha",
    "lr",
    "h",
    "KL",
    "v12",
    "d",
]


# x_{a}_{b} and x^{a}^{b} are refused by TeX
@given(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), max_size=2, unique=True),
    st.sampled_from([(), (1,), (2, 3)]),
)
def test_a_name_has_one_subscript_and_one_superscript_and_balanced_braces(first, rest, index):
    name = "_".join([first, *rest])
    tex = tex_name(name, index)
    assert tex.count("{") == tex.count("}")
    bare = tex
    while "{" in bare:
        bare = re.sub(r"\{[^{}]*\}", "", bare)
    bare = re.sub(r"\\[A-Za-z]+", "", bare)
    assert bare.count("_") <= 1
    assert bare.count("^") <= 1


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_symbol_has_words_without_tex(name):
    assert not re.search(r"[\\{}_^]", SYMBOLS[name][1])
    assert word_name(name) == SYMBOLS[name][1]
    assert tex_name(name) == SYMBOLS[name][0]


def test_a_symbol_of_sympy_is_written_like_the_name_of_a_line():
    low, x_hat = positive("lambda_min"), variable("x_hat")
    assert write_value(1 - 2 * low) == r"1 - 2 \lambda_{\min}"
    assert write_value(x_hat) == r"\hat{x}"

r"""How names are written: one symbol and one word per concept, for every derivation of the site.

A name of the code becomes TeX and words by rule: `y_hat` is \hat{y}, `beta1` is \beta_1, `h_prev` is h_{\text{prev}}.
`SYMBOLS` holds the names whose symbol does not follow from their spelling, `FUNCTIONS` the functions.
"""

from __future__ import annotations

import re

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi chi psi omega "
    "Gamma Delta Theta Lambda Sigma Phi Psi Omega"
).split()

ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}

# name -> (TeX, words)
SYMBOLS = {
    "lr": (r"\eta", "eta"),
    "eps": (r"\epsilon", "epsilon"),
    "loss": ("L", "loss L"),
    "lam": (r"\lambda", "lambda"),
    "dw": (r"\frac{\partial L}{\partial w}", "d loss by d w"),
    "db": (r"\frac{\partial L}{\partial b}", "d loss by d b"),
    "dz": (r"\frac{\partial L}{\partial z}", "d loss by d z"),
    "kernel": ("k", "kernel size k"),
    "stride": ("s", "stride s"),
    "padding": ("p", "padding p"),
    "channels": (r"C_{\text{in}}", "channels in"),
    "filters": (r"C_{\text{out}}", "channels out"),
    "params": (r"N", "parameters N"),
    "inputs": ("D", "inputs D"),
    "hidden": ("H", "hidden size H"),
    "outputs": ("K", "outputs K"),
    "kappa": (r"\kappa", "kappa"),
    "W_x": (r"W_{x}", "W x"),
    "W_h": (r"W_{h}", "W h"),
}

# function -> (TeX, words); {0}, {1} are the arguments, {*} all of them
FUNCTIONS = {
    "sqrt": (r"\sqrt{{{0}}}", "the square root of ({0})"),
    "exp": (r"e^{{{0}}}", "e to the power ({0})"),
    "ln": (r"\ln\left({0}\right)", "ln({0})"),
    "log2": (r"\log_2\left({0}\right)", "log base 2 of ({0})"),
    "log10": (r"\log_{{10}}\left({0}\right)", "log base 10 of ({0})"),
    "tanh": (r"\tanh\left({0}\right)", "tanh({0})"),
    "sigmoid": (r"\sigma\left({0}\right)", "sigma({0})"),
    "abs": (r"\left|{0}\right|", "the absolute value of ({0})"),
    "Abs": (r"\left|{0}\right|", "the absolute value of ({0})"),
    "max": (r"\max\left({*}\right)", "the maximum of ({*})"),
    "Max": (r"\max\left({*}\right)", "the maximum of ({*})"),
    "min": (r"\min\left({*}\right)", "the minimum of ({*})"),
    "floor": (r"\left\lfloor {0} \right\rfloor", "the floor of ({0})"),
    "transpose": (r"{0}^{{\top}}", "{0} transposed"),
}


def tex_name(name: str, index: tuple[int, ...] = ()) -> str:
    """The TeX of a name, with the index of a pass as subscript, or as superscript where a subscript stands."""
    base, subscripts = _tex_parts(name)
    if not index:
        return base + (f"_{{{','.join(subscripts)}}}" if subscripts else "")
    passes = ",".join(map(str, index))
    if subscripts and subscripts[-1] == "t":  # h_t in pass 2 is h_2
        subscripts[-1] = passes
    elif not subscripts and "_" not in base:
        subscripts = [passes]
    else:
        return f"{tex_name(name)}^{{({passes})}}"
    return f"{base}_{{{','.join(subscripts)}}}"


def word_name(name: str, index: tuple[int, ...] = ()) -> str:
    """The name as words, for a screen reader and the terminal."""
    words = SYMBOLS[name][1] if name in SYMBOLS else re.sub(r"(?<=[a-z])(?=\d)", " ", name).replace("_", " ").strip()
    return " ".join([words, *map(str, index)])


def _tex_parts(name: str) -> tuple[str, list[str]]:
    if name in SYMBOLS:
        return SYMBOLS[name][0], []
    first, *rest = name.split("_")
    letters, digits = re.fullmatch(r"(.*?)(\d*)", first).groups()
    base = _letters(letters or first)
    subscripts = [digits] if digits and letters else []
    for piece in rest:
        if piece in ACCENTS:
            base = f"{ACCENTS[piece]}{{{base}}}"
        elif piece == "star":
            base = f"{base}^{{\\ast}}"
        elif piece:
            subscripts.append(_subscript(piece))
    return base, subscripts


def _letters(text: str) -> str:
    if text in GREEK:
        return f"\\{text}"
    return text if len(text) == 1 else f"\\text{{{text}}}"


def _subscript(text: str) -> str:
    if text in GREEK:
        return f"\\{text}"
    return text if len(text) == 1 or text.isdigit() else f"\\text{{{text}}}"

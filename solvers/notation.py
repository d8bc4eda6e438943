r"""How names are written: one symbol and one word per concept, for every derivation of the site.

A name of the code becomes TeX and words by rule: `y_hat` is \hat{y}, `beta1` is \beta_1, `h_prev` is h_{\text{prev}}.
`SYMBOLS` holds the names whose symbol does not follow from their spelling; `templates` has the functions.
"""

from __future__ import annotations

import re
from functools import lru_cache

GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
]

ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}

# name -> (TeX, words)
SYMBOLS = {
    "lr": (r"\eta", "eta"),
    "eps": (r"\epsilon", "epsilon"),
    "loss": ("L", "loss L"),
    "size": ("n", "size n"),
    "n_out": (r"n_{\text{out}}", "output size"),
    "window": (r"k_{\text{pool}}", "pooling window"),
    "lam": (r"\lambda", "lambda"),
    "lambda_min": (r"\lambda_{\min}", "lambda min"),
    "lambda_max": (r"\lambda_{\max}", "lambda max"),
    "rho_gd": (r"\rho_{\text{GD}}", "rho of gradient descent"),
    "rho_m": (r"\rho_{\text{mom}}", "rho of momentum"),
    "lr_star": (r"\eta^{\ast}", "best eta"),
    "gradient": (r"\nabla f", "gradient of f"),
    "hessian": (r"\nabla^2 f", "Hessian of f"),
    "per_filter": (r"N_{\text{filter}}", "parameters per filter"),
    "per_gate": (r"N_{\text{gate}}", "parameters per gate"),
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
    "v_mha": (r"v_{\text{MHA}}", "v of MHA"),
    "v_ffn": (r"v_{\text{FFN}}", "v of FFN"),
    "v_next": (r"v_{l+1}", "v of l plus 1"),
    "q_mha": (r"q_{\text{MHA}}", "q of MHA"),
    "q_ffn": (r"q_{\text{FFN}}", "q of FFN"),
    "q_next": (r"q_{l+1}", "q of l plus 1"),
    "lr_usual": (r"\eta_{\text{usual}}", "usual eta"),
    "log_evidence": (r"\ln p(x)", "ln p(x)"),
    "info": ("I", "information I"),
    "var": ("V", "variance V"),
    "cov": (r"\text{Cov}", "covariance"),
}

PARTIAL = re.compile(r"d([A-Za-z]\d*|loss)_d(\w+)")  # dL_dw is the derivative of L by w


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=4096)
def word_name(name: str, index: tuple[int, ...] = ()) -> str:
    """The name as words, for a screen reader and the terminal."""
    if partial := PARTIAL.fullmatch(name):
        return f"d {word_name(partial[1])} by d {word_name(partial[2])}"
    words = SYMBOLS[name][1] if name in SYMBOLS else re.sub(r"(?<=[a-z])(?=\d)", " ", name).replace("_", " ").strip()
    return " ".join([words, *map(str, index)])


def _tex_parts(name: str) -> tuple[str, list[str]]:
    if name in SYMBOLS:
        return SYMBOLS[name][0], []
    if partial := PARTIAL.fullmatch(name):
        return rf"\frac{{\partial {tex_name(partial[1])}}}{{\partial {tex_name(partial[2])}}}", []
    first, *rest = name.lstrip("_").split("_")  # a name that is no line begins with one
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

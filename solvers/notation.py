r"""How names are written: one symbol and one word per concept, for every derivation of the site.

A name of the code becomes TeX and words by rule: `y_hat` is \hat{y}, `beta1` is \beta_1, `h_prev` is h_{\text{prev}}.
`SYMBOLS` holds the names whose symbol does not follow from their spelling, `FUNCTIONS` the functions.
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
    "window": ("k", "window k"),
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
}

# function -> (TeX, words); {0}, {1} are the arguments, {w0} the first in parentheses where it needs them, {*, } all of them
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
    "max": (r"\max\left({*, }\right)", "the maximum of ({*, })"),
    "Max": (r"\max\left({*, }\right)", "the maximum of ({*, })"),
    "min": (r"\min\left({*, }\right)", "the minimum of ({*, })"),
    "floor": (r"\left\lfloor {0} \right\rfloor", "the floor of ({0})"),
    "dims": (r"{* \times }", "{* by }"),
    "grad": (r"\nabla {w0}", "the gradient of ({0})"),
    "hess": (r"\nabla^2 {w0}", "the Hessian of ({0})"),
    "diff": (r"\frac{{\partial}}{{\partial {1}}}\left({0}\right)", "the derivative of ({0}) by {1}"),
    "at": (r"\left.{0}\right|_{{({3},\,{4})}}", "{0} at ({3}, {4})"),
    "eigenvalues": (r"\operatorname{{eig}}\left({0}\right)", "the eigenvalues of ({0})"),
    "kind_of_point": (r"\text{{kind}}\left({0},\ {1}\right)", "the kind by ({0}) and ({1})"),
    "half_quadratic": (r"\tfrac{{1}}{{2}}\,{1}^{{\top}} {0}\,{1}", "one half of {1} transposed times {0} times {1}"),
    "matrix_gradient": (r"\nabla_{{{1}}}\,{w0}", "the gradient of ({0}) by {1}"),
    "larger_size": (r"\max\left(\left|{0}\right|,\ \left|{1}\right|\right)", "the maximum of |{0}| and |{1}|"),
    "solve_for": (r"\text{{the }} {1} \text{{ with }} {0} = 0", "the {1} with {0} = 0"),
    "substitute": (r"\left.{w0}\right|_{{{1} = {2}}}", "{0} at {1} = {2}"),
    "keras_params": (r"\text{{parameters of }} {0}", "the parameters of {0}"),
    "log_ratio": (r"\log_{{{2}}}\frac{{{0}}}{{{1}}}", "log base {2} of ({0} / {1})"),
    "weighted": (r"{0} \odot {1}", "{0} times {1}"),
    "solve_linear": (r"{0}^{{-1}} {1}", "the solution of {0} times it equals {1}"),
    "transpose": (r"{0}^{{\top}}", "{0} transposed"),
    "equal": (r"{0} = {1}", "{0} = {1}"),
    "len": (r"\text{{length of }} {0}", "the length of {0}"),
    "at_least": (r"{0} \ge {1}", "{0} is at least {1}"),
    "antisymmetric_part": (r"\tfrac{{1}}{{2}}\left({0} - {w0}^{{\top}}\right)", "the antisymmetric part of {0}"),
    "outer": (r"\left({w0}_i\,{w1}_j\right)_{{ij}}", "the matrix of {0} i times {1} j"),
    "coefficient": (r"[{1}^{{{2}}}]\,{w0}", "the coefficient of {1}^{2} in {0}"),
    "third_difference": (
        r"\max\left|\Delta^3 f\right|_{{\text{{depth }} {1},\ \lambda = {2},\ \text{{ReLU }} {3}}}",
        "the largest third difference at depth {1}, lambda {2}, ReLU {3}",
    ),
    "aggregate": (r"{0}\left({1}\right)", "the {0} of {1}"),
    "distinct_results": (
        r"\text{{results of the }} {0} \text{{ over all orders}}",
        "the results of the {0} over all orders",
    ),
    "relabelling_failures": (
        r"\text{{renumberings that change a layer with the }} {0}",
        "the renumberings that change a layer with the {0}",
    ),
    "transmittance": (r"\textstyle\prod_{{j < i}} \left(1 - {0}\right)_j", "the products of 1 − {0} before each place"),
    "dot": (r"{{\textstyle\sum}}\, {0} \odot {1}", "the sum of the products of {0} and {1}"),
    "correlate": (r"{0} \star {1}", "{0} filtered with {1}"),
    "flip": (r"\operatorname{{flip}}\left({0}\right)", "{0} turned by 180 degrees"),
    "stack_columns": (r"\operatorname{{vec}}\left({0}\right)", "the columns of {0} stacked"),
    "stack_rows": (r"\operatorname{{vec}}\left({0}^{{\top}}\right)", "the rows of {0} stacked"),
    "relu": (r"\operatorname{{ReLU}}\left({0}\right)", "ReLU({0})"),
    "entry": (r"{{{0}}}_{{{1}}}", "{0} {1}"),
    "in_terms_of": (r"\left.{0}\right|_{{{1} = {3},\ {2} = {4}}}", "{0} at {1} = {3}, {2} = {4}"),
    "state_rows": (r"\left(h_1, \dots, h_T\right)^{{\top}}", "the states h 1 to h T as rows"),
    "most_probable_sentence": (r"\text{{the quote with the largest }} P_1", "the quote with the largest P 1"),
    "embeddings_of": (r"\text{{the embeddings of }} {0}", "the embeddings of {0}"),
    "sentences_above_a_third": (r"\text{{quotes with }} P_1 > \tfrac{{1}}{{3}}", "quotes with P 1 above 1/3"),
    "pooled_component": (r"c_{{{4}}} \text{{ of }} {0}", "c {4} of {0}"),
    "first_class_of": (r"P_1 \text{{ of }} {0}", "P 1 of {0}"),
    "largest_first_class": (r"\text{{the largest }} P_1", "the largest P 1"),
    "name_of_largest": (r"\operatorname{{arg\,max}}\, {1}", "the name of the largest of {1}"),
    "js_divergence": (r"\text{{JSD}}\left({0},\ {1}\right)", "the JSD of {0} and {1}"),
    "mutual_information": (r"I\left({0},\ {1}\right)", "the information of ({0}, {1})"),
    "joint": (r"\operatorname{{diag}}\left({0}\right) {w1}", "diag({0}) times {1}"),
    "smaller": (r"\min\left({0},\ {1}\right)", "the minimum of {0} and {1}"),
    "positive_part": (r"\max\left({0},\ 0\right)", "the maximum of {0} and 0"),
    "quadratic_form": (r"{1}^{{\top}} {w0}\,{1}", "{1} transposed times {0} times {1}"),
    "eigenvalue_discriminant": (
        r"\left(\operatorname{{tr}} {0}\right)^2 - 4 \det {w0}",
        "the squared trace less 4 determinants of {0}",
    ),
    "quadratic_params": (r"P_Q\left({0}, {1}\right)", "P Q of ({0}, {1})"),
    "affine_defect": (
        r"\max\left|f(x + z) - f(x) - f(z) + f(0)\right|_{{\lambda = {0}}}",
        "the largest |f(x + z) − f(x) − f(z) + f(0)| at lambda {0}",
    ),
    "pooling_defect": (r"\text{{the same of max pooling}}", "the same of max pooling"),
    "shift_defect": (
        r"\max\left|f(\text{{shift }} x) - \text{{shift }} f(x)\right|",
        "the largest |f(shift x) − shift f(x)|",
    ),
    "neighbour_influence": (r"\max\left|\Delta y_k\right|_{{\Delta x_{{k+1}} = 1}}", "the change of y k by x k + 1"),
    "count_mismatches": (r"\text{{other counts up to }} {0} \times {0}", "the other counts up to {0} by {0}"),
    "at_corners": (r"(y_{{00}},\ y_{{01}},\ y_{{10}},\ y_{{11}})", "y at 00, 01, 10 and 11"),
    "weight_differences": (r"(\Delta L / \Delta A_{{ij}})_{{\lambda = {3}}}", "delta L by delta A i j, lambda {3}"),
    "tied_differences": (
        r"(\Delta L / \Delta (A_{{ij}}, A_{{ji}}))_{{\lambda = {3}}}",
        "the same with A i j and A j i, lambda {3}",
    ),
    "input_gradient_failures": (r"\text{{failures of the {0} formula}}", "the failures of the {0} formula"),
    "matrix": ("{0}", "{0}"),
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

import ast
import json
import pickle
from dataclasses import FrozenInstanceError
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.arrays import array
from solvers.derivation import DerivationError, derivation, suggestion
from solvers.exact import Given, divide, power, read
from solvers.functions import sigmoid, sqrt
from solvers.instrument import comments, exact_code, expression, instrument, operands, statements

# small derivations, one feature each


@derivation
def mean(a, b):
    """The mean of two numbers.

    Not part of the summary.
    """
    total = a + b  # add
    average = total / 2  # and halve
    return average


@derivation
def neuron(x, w, b):
    z = b + w * x  # bias first: the author's order
    y_hat = sigmoid(z)
    return y_hat


@derivation
def literals(n):
    tenth = 0.1 + 0.2  # exact, unlike floats
    third = 1 / 3
    small = 1e-8 * n
    negative = -0.5 * n
    inverse = 2**-2
    squared = (1 / 3) ** 2
    return tenth, third, small, negative, inverse, squared


@derivation
def summed(values):
    total = 0
    for k, value in enumerate(values, start=1):  # noqa: B007 (k indexes the lines)
        square = value**2  # one term
        total += square  # so far
    mean_square = total / len(values)
    return mean_square


@derivation
def recurrence(h, w, n):
    for t in range(1, n + 1):  # noqa: B007 (t indexes the lines)
        z = w * h
        h = z + 1
    return h


@derivation
def halving(x):
    while x > 1:
        x = x / 2
    return x


@derivation
def table(n):
    total = 0
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            product = i * j
            if product > 4:
                break
            total = total + product
    doubled = 2 * total
    return doubled


@derivation
def many(n):
    for k in range(n):
        a = k + 1
    return a


@derivation
def hidden(xs):
    _pairs = [(v, v) for v in xs]  # an underscore is no line
    first, second = xs[0], xs[1]
    combined = first + second
    return combined


@derivation
def remarks(x):
    text = "# not a comment"  # a comment
    spread = max(
        x,
        x + 1,
    )  # over four lines
    bare = spread + 1
    return text, spread, bare


@derivation
def unnamed(a, b):
    total = a + b
    return total / 2


@derivation
def unnamed_in_tuple(a):
    b = a + 1
    return a, b + 1


# called and traced


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(-30, 30))
def test_traced_floats_are_the_called_floats(x, w, b):
    assert neuron.trace(x, w, b).result == neuron(x, w, b)
    assert mean.trace(x, w).result == mean(x, w)


@given(st.fractions(max_denominator=50), st.fractions(max_denominator=50))
def test_traced_fractions_are_exact(a, b):
    assert mean.trace(a, b).result == Fraction(a + b) / 2
    assert mean.trace(a, b).line("average").exact


def test_a_derivation_called_is_the_function():
    assert mean(1, 4) == 2.5
    assert mean(b=4, a=1) == 2.5
    assert mean.__name__ == "mean"
    assert mean.__doc__.startswith("The mean of two numbers.")


def test_a_call_is_not_recorded():
    before = mean.trace(1, 2).labels()
    mean(3, 4)
    assert mean.trace(1, 2).labels() == before


@pytest.mark.parametrize("call", [mean, mean.trace], ids=["called", "traced"])
def test_a_missing_argument_is_named(call):
    with pytest.raises(TypeError, match="'b'"):
        call(1)


# what a line holds


def test_a_line_holds_formula_operands_value_and_reason():
    trace = mean.trace(Given("0.50"), 3)
    total, average = trace
    assert (total.label, total.name, total.index, total.reason) == ("total", "total", (), "add")
    assert ast.unparse(total.formula) == "a + b"
    assert total.operands == {"a": Fraction(1, 2), "b": 3}
    assert total.operands["a"].text == "0.50"
    assert total.value == Fraction(7, 2)
    assert average.operands == {"total": Fraction(7, 2)}
    assert average.value == Fraction(7, 4)
    assert not total.replaced


def test_a_trace_knows_its_name_summary_and_inputs():
    trace = mean.trace(1, b=2)
    assert trace.name == "mean"
    assert trace.summary == "The mean of two numbers."
    assert trace.inputs == {"a": 1, "b": 2}
    assert len(trace) == 2
    assert trace.labels() == ["total", "average"]
    assert trace["average"] == trace.result == Fraction(3, 2)


def test_the_terms_stay_in_the_authors_order():
    line = neuron.trace(2, 3, 4).line("z")
    assert ast.unparse(line.formula) == "b + w * x"
    assert list(line.operands) == ["b", "w", "x"]


def test_the_formula_is_the_source_without_its_exact_stand_ins():
    trace = literals.trace(3)
    assert [ast.unparse(line.formula) for line in trace] == [
        "0.1 + 0.2", "1 / 3", "1e-08 * n", "-0.5 * n", "2 ** (-2)", "(1 / 3) ** 2"
    ]  # fmt: skip


def test_reasons_are_the_comments_behind_the_statements():
    assert [line.reason for line in remarks.trace(1)] == ["a comment", "over four lines", ""]


def test_names_with_an_underscore_and_several_targets_are_no_lines():
    assert hidden.trace([1, 2]).labels() == ["combined"]


def test_symbols_are_handed_through():
    assert mean.trace(1, 2, symbols={"total": "S"}).symbols == {"total": "S"}


# exactness


@pytest.mark.parametrize(
    "label, expected",
    [
        ("tenth", Fraction(3, 10)),
        ("third", Fraction(1, 3)),
        ("small", Fraction(3, 10**8)),
        ("negative", Fraction(-3, 2)),
        ("inverse", Fraction(1, 4)),
        ("squared", Fraction(1, 9)),
    ],
)
def test_literals_and_integer_division_stay_exact_in_a_traced_source(label, expected):
    line = literals.trace(3).line(label)
    assert line.value == expected
    assert line.exact


@pytest.mark.parametrize(
    "x, w, b, exact",
    [(Given("0.1"), 2, 1, True), (0.1, 2, 1, False), (Fraction(1, 3), Given("0.5"), 0, True)],
    ids=["givens", "one float", "fractions"],
)
def test_one_float_makes_what_follows_inexact(x, w, b, exact):
    assert neuron.trace(x, w, b).line("z").exact is exact
    assert not neuron.trace(x, w, b).line("y_hat").exact  # the sigmoid of anything but 0 is irrational


def test_the_sigmoid_of_zero_is_exact():
    line = neuron.trace(2, -1, 2).line("y_hat")
    assert line.value == Fraction(1, 2)
    assert line.exact


@derivation
def halved(values):
    half = values / 2
    return half


# exact in, exact out holds for the elements of an array, too
def test_an_array_of_integers_divides_exactly():
    line = halved.trace(array([1, 4])).line("half")
    assert line.value.tolist() == [Fraction(1, 2), 2]
    assert line.exact


@derivation
def with_default(x, lr=0.1):
    step = lr * x
    return step


def test_a_decimal_default_is_exact_as_a_literal_in_the_body_is():
    assert with_default.trace(3)["step"] == Fraction(3, 10)


# loops


def test_a_loop_indexes_its_labels():
    trace = recurrence.trace(2, 3, 2)
    assert trace.labels() == ["z.1", "h.1", "z.2", "h.2"]
    assert [line.index for line in trace] == [(1,), (1,), (2,), (2,)]
    # by hand: 3·2 = 6, 7, 3·7 = 21, 22
    assert [line.value for line in trace] == [6, 7, 21, 22]


def test_a_name_alone_is_the_last_pass():
    trace = recurrence.trace(2, 3, 2)
    assert trace["h"] == 22
    assert trace["h.1"] == 7
    assert trace.line("h").label == "h.2"


def test_operands_know_the_pass_that_they_come_from():
    z_1, h_1, z_2, _ = recurrence.trace(2, 3, 2)
    assert z_1.indices == {"w": (), "h": (0,)}  # h before the first pass is h_0
    assert h_1.indices == {"z": (1,)}
    assert z_2.indices == {"w": (), "h": (1,)}


def test_an_enumerated_element_belongs_to_its_pass():
    lines = summed.trace([3, 4]).lines
    assert lines[0].indices == {"value": (1,)}
    assert lines[2].indices == {"value": (2,)}


def test_the_zero_before_a_loop_is_no_line():
    trace = summed.trace([3, 4])
    assert trace.labels() == ["square.1", "total.1", "square.2", "total.2", "mean_square"]
    assert [line.value for line in trace] == [9, 9, 16, 25, Fraction(25, 2)]


def test_adding_to_a_total_shows_the_sum():
    line = summed.trace([3, 4]).line("total.2")
    assert ast.unparse(line.formula) == "total + square"
    assert line.operands == {"total": 9, "square": 16}
    assert line.indices == {"total": (1,), "square": (2,)}


def test_after_the_loop_the_last_pass_is_read():
    assert summed.trace([3, 4]).line("mean_square").indices["total"] == (2,)


def test_a_while_loop_counts_its_passes():
    trace = halving.trace(5)
    assert trace.labels() == ["x.1", "x.2", "x.3"]
    assert trace["x"] == Fraction(5, 8)


def test_nested_loops_index_by_both_passes_and_break_ends_one():
    trace = table.trace(3)
    products = [line.label for line in trace if line.name == "product"]
    assert products == [f"product.{i}.{j}" for i, j in
                        [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2)]]  # fmt: skip
    assert trace["doubled"] == 2 * (1 + 2 + 3 + 2 + 4 + 3)
    assert trace.line("doubled").index == ()


# j counts passes: it is no quantity of pass i
def test_the_index_of_an_inner_loop_carries_no_index():
    line = table.trace(2).line("product.2.1")
    assert line.indices == {"i": (), "j": ()}


@derivation
def reset(n):
    total = 0
    for k in range(1, n + 1):
        total = total + k
    count = n
    total = 0
    return total, count


# only the zero *before* a loop is where it starts
def test_a_literal_after_the_loop_is_a_line():
    assert reset.trace(2)["total"] == 0


# no named assignment is lost: it is a line wherever it stands


@derivation
def in_for_else(n):
    for k in range(n):
        if k > n:
            break
    else:
        b = 1 / n
    return b


@derivation
def in_try(n):
    try:
        b = 1 / n
    except ZeroDivisionError:
        b = 0 / 1
    return b


@derivation
def in_match(n):
    match n:
        case 4:
            b = 1 / n
        case _:
            b = n
    return b


@derivation
def annotated(n):
    b: Fraction = 1 / n
    return b


@derivation
def in_branch(n):
    if n > 3:  # noqa: SIM108
        b = 1 / n
    else:
        b = n
    return b


@pytest.mark.parametrize("made", [in_branch, in_for_else, in_try, in_match, annotated], ids=lambda made: made.__name__)
def test_an_assignment_in_any_statement_is_an_exact_line(made):
    assert made.trace(4)["b"] == Fraction(1, 4)


@derivation
def with_helper(n):
    def plus_one(v):
        return v + 1

    a = plus_one(n)
    return a


# what a helper inside returns is not what the derivation returns
def test_a_function_inside_is_not_part_of_the_lines():
    assert with_helper.trace(2).labels() == ["a"]


# looking up


@pytest.mark.parametrize(
    "label, told",
    [
        ("totl", "did you mean 'total'"),
        ("averge", "did you mean 'average'"),
        ("q", "there is total, average"),
    ],
)
def test_an_unknown_label_lists_near_names(label, told):
    with pytest.raises(KeyError, match=told):
        mean.trace(1, 2)[label]


def test_a_pass_that_never_ran_is_unknown():
    with pytest.raises(KeyError, match=r"'h\.3'"):
        recurrence.trace(2, 3, 2)["h.3"]


def test_suggestion():
    assert suggestion("totl", ["total", "mean"]) == "; did you mean 'total'?"
    assert suggestion("q", ["a", "b", "a"]) == "; there is a, b"
    assert suggestion("q", []) == "; there is none"


# replacing


def test_a_line_replaced_by_a_value_lets_the_rest_follow():
    trace = mean.trace(1, 2, replace={"total": 10})
    assert trace["total"] == 10
    assert trace["average"] == 5
    assert [line.replaced for line in trace] == [True, False]


def test_a_line_replaced_by_an_expression_is_recomputed():
    trace = neuron.trace(3, 2, 1, replace={"z": "w + b"})  # the input was forgotten
    line = trace.line("z")
    assert line.value == 3
    assert ast.unparse(line.formula) == "w + b"
    assert line.operands == {"w": 2, "b": 1}
    assert trace["y_hat"] == neuron(0.0, 2.0, 3.0)  # sigmoid(3) by another way


def test_a_replacement_is_exact_and_knows_the_elementary_functions():
    trace = mean.trace(1, 2, replace={"total": "sqrt(9) / 2 + 0.1"})
    assert trace["total"] == Fraction(8, 5)
    assert trace.line("average").exact


def test_the_run_without_replacement_is_untouched():
    mean.trace(1, 2, replace={"total": 10})
    assert mean.trace(1, 2)["total"] == 3


def test_one_pass_is_replaced():
    trace = recurrence.trace(2, 3, 3, replace={"h.1": 5})
    # by hand: h_1 = 5, z_2 = 15, h_2 = 16, z_3 = 48, h_3 = 49
    assert [trace[f"h.{t}"] for t in (1, 2, 3)] == [5, 16, 49]
    assert [line.label for line in trace if line.replaced] == ["h.1"]


def test_a_name_replaces_every_pass():
    trace = recurrence.trace(2, 3, 2, replace={"z": "w + h"})
    # by hand: z_1 = 5, h_1 = 6, z_2 = 9, h_2 = 10
    assert [line.value for line in trace] == [5, 6, 9, 10]
    assert [line.label for line in trace if line.replaced] == ["z.1", "z.2"]


def test_a_pass_wins_over_its_name():
    trace = recurrence.trace(2, 3, 2, replace={"z": 0, "z.2": 7})
    assert [trace["z.1"], trace["z.2"]] == [0, 7]


def test_where_the_loop_starts_can_be_replaced():
    assert summed.trace([3, 4], replace={"total": 100})["total.1"] == 100
    assert recurrence.trace(2, 3, 1, replace={"h.1": "h + z"})["h"] == 8


# a page shows h_1 for the h that a replaced line reads in pass 2
def test_the_operands_of_a_replacement_know_their_pass():
    line = recurrence.trace(2, 3, 2, replace={"h.2": "z + h"}).line("h.2")
    assert line.operands == {"z": 21, "h": 7}
    assert line.indices["h"] == (1,)


def test_an_exported_replacement_is_what_was_asked():
    (line, _) = mean.trace(1, 2, replace={"total": "a - b"}).export()["lines"]
    assert (line["formula"], line["value"]) == ("a - b", "-1")


@pytest.mark.parametrize(
    "replace, told",
    [
        ({"totl": 1}, "no line 'totl' to replace; did you mean 'total'"),
        ({"q": 1}, "no line 'q' to replace; there is total, average"),
        ({"total": "a +"}, "replacement of total by 'a \\+'.*not an expression"),
        ({"total": "a + missing"}, "replacement of total by 'a \\+ missing'.*'missing' is not defined"),
        ({"total": "a / 0"}, "ZeroDivisionError"),
        ({"average": "sqrt(-total)"}, "sqrt of -3"),
    ],
    ids=["misspelt", "unknown", "syntax", "name", "division by zero", "outside the domain"],
)
def test_a_replacement_that_fails_says_why(replace, told):
    with pytest.raises(DerivationError, match=told):
        mean.trace(1, 2, replace=replace)


def test_a_pass_that_never_ran_cannot_be_replaced():
    with pytest.raises(DerivationError, match=r"'h\.9' to replace; did you mean 'h\.\d'"):
        recurrence.trace(2, 3, 2, replace={"h.9": 1})


# rounding every line


def rounded(value, places):
    return Fraction(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@given(st.decimals(-99, 99, places=3), st.decimals(-99, 99, places=3), st.integers(0, 3))
def test_decimals_round_every_line_and_the_rest_follows(a, b, places):
    trace = mean.trace(Fraction(a), Fraction(b), decimals=places)
    total = rounded(a + b, places)
    assert trace["total"] == total
    assert trace["average"] == rounded(Decimal(total.numerator) / total.denominator / 2, places)
    assert trace.result == trace["average"]


@pytest.mark.parametrize("a, average", [(1, 1), (-1, -1), (5, 3), (-5, -3)])
def test_rounded_ties_go_away_from_zero(a, average):
    assert mean.trace(a, 0, decimals=0)["average"] == average


@pytest.mark.parametrize(
    "a, b, total, average",
    [("123.4", "0.3", "120", "60"), ("0.0123", "0.0001", "0.012", "0.006"), ("0.4", "0.65", "1.1", "0.55")],
    ids=["hundreds", "thousandths", "tie"],
)
def test_significant_digits_round_every_line(a, b, total, average):
    trace = mean.trace(Given(a), Given(b), significant=2)
    assert (trace["total"], trace["average"]) == (Fraction(total), Fraction(average))


def test_rounding_reaches_every_pass_and_every_element():
    trace = recurrence.trace(Given("0.15"), Given("0.5"), 2, decimals=1)
    # by hand: 0.075 -> 0.1, 1.1, 0.55 -> 0.6, 1.6
    assert [line.value for line in trace] == [Fraction(v) for v in ("0.1", "1.1", "0.6", "1.6")]
    assert mean.trace(array([1, 2]), array([0, 1]), decimals=0)["average"].tolist() == [1, 2]


def test_the_inputs_are_not_rounded():
    assert mean.trace(Given("0.04"), Given("0.04"), decimals=1)["total"] == Fraction(1, 10)


def test_a_replaced_value_is_rounded_like_any_line():
    assert mean.trace(1, 2, replace={"total": Given("1.26")}, decimals=1)["total"] == Fraction(13, 10)


# a + b = 0.05 rounded to one place is 0.1: the reader must see that it was rounded
def test_a_rounded_line_is_not_exact():
    trace = mean.trace(Given("0.02"), Given("0.03"), decimals=1)
    assert not trace.line("total").exact


# a trace is data


@pytest.mark.parametrize(
    "change",
    [lambda t: setattr(t, "result", 0), lambda t: setattr(t.lines[0], "value", 0)],
    ids=["trace", "line"],
)
def test_a_trace_is_frozen(change):
    with pytest.raises(FrozenInstanceError):
        change(mean.trace(1, 2))


def test_lines_cannot_be_added_or_taken_away():
    assert isinstance(mean.trace(1, 2).lines, tuple)


def test_a_trace_survives_pickling():
    trace = recurrence.trace(Given("0.5"), 3, 2)
    again = pickle.loads(pickle.dumps(trace))
    assert again.labels() == trace.labels()
    assert again["h"] == trace["h"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: mean.trace(Given("0.1"), 2),
        lambda: neuron.trace(0.5, 1, 2),
        lambda: recurrence.trace(1, Fraction(1, 3), 3),
        lambda: halved.trace(array([1, 2])),
        lambda: mean.trace(1, 2, replace={"total": Given("0.6")}),
        lambda: mean.trace(array([1, 2]), 2, replace={"total": array([1, 2])}),
    ],
    ids=["exact", "floats", "loop", "array", "replaced by a given", "replaced by an array"],
)
def test_an_export_is_json(make):
    trace = make()
    plain = json.loads(json.dumps(trace.export()))
    assert plain == trace.export()
    assert [line["label"] for line in plain["lines"]] == trace.labels()
    assert all(set(line) == {"label", "formula", "value", "reason"} for line in plain["lines"])


@derivation
def in_pairs(xs, ys):
    count: int  # noqa: F842 (no value, no line)
    sums = [0]
    for x, y in zip(xs, ys):
        product = x * y
        sums[0] += product / 2
    total = sums[0]
    return total


def test_an_element_that_grows_and_a_bare_annotation_are_no_lines_but_stay_exact():
    lines = in_pairs.trace([1, 2], [3, 4])
    assert lines.labels() == ["sums", "product.1", "product.2", "total"]
    assert lines["total"] == Fraction(11, 2)


@derivation
def idle(xs):
    total = 0
    for x in xs:
        total = total + x
    count = len(xs)
    return total, count


def test_a_loop_without_a_pass_leaves_no_index_behind():
    assert [idle.trace(xs).labels()[-1] for xs in ([], [5], [5, 6])] == ["count"] * 3


# what is refused


def test_up_to_400_lines_are_traced():
    assert len(many.trace(400)) == 400


def test_more_than_400_lines_are_refused():
    with pytest.raises(DerivationError, match=r"a\.400: more than 400 lines"):
        many.trace(401)
    assert many(401) == 401  # called, it runs


@pytest.mark.parametrize("made, named", [(unnamed, "total / 2"), (unnamed_in_tuple, r"b \+ 1")], ids=["one", "tuple"])
def test_an_unnamed_result_is_refused(made, named):
    with pytest.raises(TypeError, match=named):
        made.trace(*[1] * len(made.signature.parameters))


def test_a_generator_and_a_coroutine_are_refused():
    def generator():
        yield 1

    async def coroutine():
        return 1

    with pytest.raises(TypeError, match="generator: a derivation is a plain function"):
        derivation(generator)
    with pytest.raises(TypeError, match="coroutine: a derivation is a plain function"):
        derivation(coroutine)


@pytest.mark.parametrize("source", ["made by exec", "lambda"])
def test_a_function_without_a_source_of_its_own_is_refused(source):
    namespace = {}
    exec("def made(x):\n    y = x\n    return y", namespace)
    function = namespace["made"] if source == "made by exec" else lambda x: x
    with pytest.raises(TypeError, match=r"made|lambda"):
        derivation(function).trace(1)


def test_an_error_in_a_traced_line_comes_through_as_it_is():
    with pytest.raises(ZeroDivisionError):
        literals_over.trace(0)


@derivation
def literals_over(n):
    ratio = 1 / n
    return ratio


# the instrument under it


def test_comments_by_line():
    source = "a = 1  # one\nb = '# no'\n# alone\nif a:\n    c = (1 +\n         2)  # π, two lines\n"
    assert comments(ast.parse(source), source) == {1: "one", 6: "π, two lines"}


def test_statements_are_found_at_every_depth():
    source = "a = 1\nfor k in b:\n    if k:\n        c = 2\n    else:\n        d = 3\ndef f():\n    return 4\n"
    found = [type(statement).__name__ for statement in statements(ast.parse(source))]
    assert sorted(found) == ["Assign", "Assign", "Assign", "For", "FunctionDef", "If", "Return"]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    a = 1\nexcept E:\n    b = 2\nfinally:\n    c = 3\n",
        "match a:\n    case 1:\n        b = 2\n",
    ],
)
def test_statements_in_handlers_and_cases_are_found_too(source):
    tree = ast.parse(source)
    expected = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    assert len(list(statements(tree))) == len(expected)


@pytest.mark.parametrize(
    "source, names",
    [
        ("b + w * x + b", ("b", "w", "x")),
        ("sqrt(v) + eps", ("v", "eps")),
        ("sum(p * q for p, q in zip(P, Q))", ("P", "Q")),
        ("sizes[layer - 1]", ("sizes", "layer")),
        ("f(f_1)", ("f_1",)),
        ("3 + 4", ()),
    ],
)
def test_operands_are_the_names_read_in_order(source, names):
    assert operands(ast.parse(source, mode="eval").body) == names


@pytest.mark.parametrize(
    "source, value",
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1 / 3", Fraction(1, 3)),
        ("-0.5", Fraction(-1, 2)),
        ("2 ** -1", Fraction(1, 2)),
    ],
)
def test_an_expression_compiles_exactly(source, value):
    hooks = {"__divide__": divide, "__power__": power, "__read__": read}
    assert eval(exact_code(expression(source, "it"), source, "it"), hooks) == value


def test_an_expression_that_is_none_is_named():
    with pytest.raises(SyntaxError, match=r"the answer: 'a = 1' is not an expression"):
        expression("a = 1", "the answer")


def test_a_block_reports_its_statements_with_their_lines():
    program = instrument("a = 1  # one\n\nb = a + 1\n", "page.md", first_line=20)
    assert [(s.name, s.line, s.reason) for s in program.statements] == [("a", 20, "one"), ("b", 22, "")]
    assert program.statements[1].operands == ("a",)


def test_the_roots_of_a_traced_line_are_those_of_the_function_library():
    assert hypotenuse.trace(3, 4)["c"] == 5
    assert hypotenuse.trace(3, 4).line("c").exact


@derivation
def hypotenuse(a, b):
    c = sqrt(a**2 + b**2)
    return c

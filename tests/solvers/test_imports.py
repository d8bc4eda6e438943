import ast
import subprocess
import sys
from pathlib import Path

import pytest

import solvers

ROOMS = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in Path(solvers.__file__).parent.glob("*.py")}
TESTS = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("test_*.py")]
PUBLIC = [
    (room, node)
    for room, tree in sorted(ROOMS.items())
    for node in tree.body
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
]
FUNCTIONS = [(room, node) for room, node in PUBLIC if isinstance(node, ast.FunctionDef)]
LIGHT = [
    "",
    ".optimizers",
    ".neurons",
    ".parameters",
    ".functions",
    ".derivation",
    ".exact",
    ".notation",
    ".formula",
]


def names(rows):
    return [f"{room}.{node.name}" for room, node in rows]


# scalars are used where numpy and sympy are not: at the start of a command, and in a browser
@pytest.mark.parametrize("room", [f"solvers{room}" for room in LIGHT])
def test_scalar_rooms_load_neither_numpy_nor_sympy(room):
    code = f"import sys, {room}; print([m for m in ('numpy', 'sympy', 'solvers.site') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_scalar_derivation_is_traced_without_numpy():
    code = (
        "import sys; from solvers.optimizers import adam; from solvers.neurons import sigmoid_neuron\n"
        "adam.trace(1, 2, 0.1, 0.9, 0.99, 0).export(); sigmoid_neuron.trace(1, 0, 2, 3, decimals=2)\n"
        "print([m for m in ('numpy', 'sympy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def imported(tree):
    """Every module that is imported anywhere in a file, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):  # import_module("solvers.site.key")
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


# the command line is the site's
@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"__main__"}))
def test_no_solver_knows_the_site(room):
    assert [name for name in imported(ROOMS[room]) if f"{name}.".startswith(("solvers.site.", ".site."))] == []


def test_lazy_imports_are_seen():
    tree = ast.parse("def f():\n    from solvers.site import key\n    import_module('solvers.site.text')")
    assert {"solvers.site", "solvers.site.key", "solvers.site.text"} <= set(imported(tree))


@pytest.mark.parametrize("room", sorted(set(ROOMS)))
def test_every_room_says_what_it_is_for(room):
    assert ast.get_docstring(ROOMS[room])


@pytest.mark.parametrize("room, node", PUBLIC, ids=names(PUBLIC))
def test_every_public_name_says_what_it_does(room, node):
    assert ast.get_docstring(node)


def used(tree):
    """The names that a test file reads; to import one is not to use it."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


USED = set().union(*map(used, TESTS))


@pytest.mark.parametrize("room, node", FUNCTIONS, ids=names(FUNCTIONS))
def test_every_public_function_is_tested(room, node):
    assert node.name in USED


def test_there_are_functions_to_look_at():
    assert {"adam", "round_half_away", "computation_graph"} <= {node.name for _, node in FUNCTIONS}

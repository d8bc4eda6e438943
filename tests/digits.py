"""Are the digits the same everywhere? Run `python tests/digits.py` (make digits); it needs the network for packages.

Every interpreter that is named, or else this one, gets three fresh environments: the versions of the lock, the oldest that
pyproject.toml allows, and the newest there are. In each of them every part is recomputed and compared with its key, every
digit is proved, and all new numbers are drawn. The draws must be the same to the letter in all of them.

    python tests/digits.py python3.11 python3.13          two interpreters, three sets of packages each
    python tests/digits.py --packages oldest --keep out    one set; the draws are kept in out/ for other machines to compare
    python tests/digits.py --compare out                   are all draws in this folder the same?
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = {
    "locked": ["--require-hashes", "-r", "requirements.lock"],
    "oldest": ["--resolution", "lowest-direct", ".[site,dev]"],
    "newest": ["--upgrade", ".[site,dev]"],
}
VERSIONS = "import sys, platform, numpy, sympy; print(platform.machine(), sys.version.split()[0], numpy.__version__, sympy.__version__)"


def main() -> int:
    """0 when nothing disagrees."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], help="interpreters (default: this one)")
    parser.add_argument("--packages", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--keep", type=Path, help="a folder for the draws")
    parser.add_argument("--compare", type=Path, help="compare the draws of a folder, and do nothing else")
    options = parser.parse_args()
    if options.compare:
        return compare({file.name: file.read_bytes() for file in sorted(options.compare.rglob("*.txt"))})
    found, failed = {}, False
    with tempfile.TemporaryDirectory() as folder:
        installer = uv(Path(folder))
        for python in options.pythons:
            for packages in options.packages:
                name, drawn, ok = tried(installer, Path(folder) / f"{Path(python).name}-{packages}", python, packages)
                print(f"{packages:<7} {name}: {'agrees' if ok else 'DISAGREES'}, draws {digest(drawn)}", flush=True)
                found[f"{packages} {name}.txt"], failed = drawn, failed or not ok
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        for name, drawn in found.items():
            (options.keep / f"{sys.platform} {name}".replace(" ", "-")).write_bytes(drawn)
    return compare(found) or int(failed)


def uv(folder: Path) -> Path:
    """The installer that can resolve to the oldest versions, in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", folder / "uv"], check=True)
    subprocess.run([executable(folder / "uv", "python"), "-m", "pip", "install", "--quiet", "uv"], check=True)
    return executable(folder / "uv", "uv")


def executable(environment: Path, name: str) -> Path:
    """Of a virtual environment, on any system."""
    windows = environment / "Scripts" / f"{name}.exe"
    return windows if os.name == "nt" else environment / "bin" / name


def tried(installer: Path, environment: Path, python: str, packages: str) -> tuple[str, bytes, bool]:
    """(versions, draws, do all digits agree) of one interpreter with one set of packages."""
    own = executable(environment, "python")
    subprocess.run([installer, "venv", "--quiet", "--python", python, environment], check=True)
    subprocess.run([installer, "pip", "install", "--quiet", "--python", own, *SETS[packages]], cwd=ROOT, check=True)
    ok = all(run(own, "-m", "solvers", command).returncode == 0 for command in ("check", "certify"))
    drawn = run(own, "-m", "solvers", "draws", out=subprocess.PIPE)
    return (
        run(own, "-c", VERSIONS, out=subprocess.PIPE).stdout.decode().strip(),
        drawn.stdout,
        ok and not drawn.returncode,
    )


def run(python: Path, *arguments: str, out: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """In the checkout, whose package is the one that is imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([python, *arguments], cwd=ROOT, env=environment, stdout=out, check=False)


def compare(found: dict[str, bytes]) -> int:
    """0 when all draws are the same; else the first line that differs of each that does."""
    texts = {name: drawn.replace(b"\r\n", b"\n") for name, drawn in found.items()}
    if not texts or not all(texts.values()):
        print("no draws to compare")
        return 1
    first, lines = next((name, drawn.split(b"\n")) for name, drawn in texts.items())
    for name, drawn in texts.items():
        differ = [pair for pair in zip(lines, drawn.split(b"\n")) if pair[0] != pair[1]]
        if drawn != texts[first]:
            here, there = differ[0] if differ else (b"", b"(more or fewer lines)")
            print(f"{name} differs from {first}:\n  {here.decode()}\n  {there.decode()}")
    same = len(set(texts.values())) == 1
    print(f"{len(texts)} environments, {'the same draws in all' if same else 'the draws differ'}")
    return 0 if same else 1


def digest(drawn: bytes) -> str:
    """Enough of a hash to compare by eye."""
    return hashlib.sha256(drawn.replace(b"\r\n", b"\n")).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())

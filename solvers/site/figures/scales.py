"""The axes of a plot: linear or logarithmic, their limits, and what is written at their ticks."""

from __future__ import annotations

import re
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from solvers.dialects import group
from solvers.plots import Plot


def scales(axes: Axes, plot: Plot) -> None:
    """Set the limits and the ticks of both axes; only the left and the lower one are drawn."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.patch.set_visible(False)
    axes.margins(x=0.02, y=0.05)
    if plot.regions or plot.contours:
        axes.margins(0)
    elif plot.bars and "y" not in plot.log:
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    for name, axis, limits in (("x", axes.xaxis, plot.x_limits), ("y", axes.yaxis, plot.y_limits)):
        if name in plot.log:
            getattr(axes, f"set_{name}scale")("log")
        if limits:
            getattr(axes, f"set_{name}lim")(*limits)
        if not isinstance(axis.get_major_locator(), FixedLocator):
            _ticks(axis, name, plot)


def _ticks(axis: Any, name: str, plot: Plot) -> None:
    low, high = axis.get_view_interval()
    powers = name in plot.log and (low < 1e-3 or high > 1e4)
    if name in plot.log:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 100 else (1,), numticks=6))
        axis.set_minor_locator(NullLocator() if high / low > 1e6 else LogLocator(subs=range(2, 10), numticks=99))
        axis.set_minor_formatter(NullFormatter())
    else:
        values = [value for item in (*plot.curves, *plot.points) for value in getattr(item, name)]
        values += [value for item in plot.bars for value in (item.at if name == "x" else item.heights)]
        whole = bool(values) and all(value == int(value) for value in values)
        axis.set_major_locator(MaxNLocator(nbins=6, integer=whole, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value, powers)))


def plain(value: float, powers: bool = False) -> str:
    """A number at a tick: −0.5, 10 000, 10^−3; `powers`: 10^0 rather than 1."""
    value = float(f"{value:.9g}")
    text = f"{value:.6g}"
    if value and (powers or not 1e-3 <= abs(value) < 1e6):
        mantissa, _, exponent = f"{value:.6e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = re.sub(r"^(-?)1·", r"\1", f"{mantissa}·10^{int(exponent)}")
    elif value == int(value):
        text = str(int(value))
    return group(text, " ").replace("-", "−")

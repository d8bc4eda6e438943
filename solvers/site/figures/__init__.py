"""Figures of a part as SVG: `drawing` for diagrams and the way in, `plotting` for plots."""

"""An author's Markdown as plain text with TeX between dollar signs, for readers that are programs."""

from __future__ import annotations

import re

from solvers.site.source import prose

LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
ATTRIBUTES = re.compile(r"\{:[^{}]*\}")
FENCE = re.compile(r"(?m)^\s*(`{3,}|~{3,}).*$")
EMPHASIS = re.compile(r"\*+([^*\s](?:[^*]*[^*\s])?)\*+")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def plain(text: str) -> str:
    """One line: links by their text, code without its marks, formulas as they were written."""
    pieces = [_piece(kind, piece) for kind, piece, _ in prose(FENCE.sub("", text))]
    return " ".join("".join(pieces).split())


def _piece(kind: str, piece: str) -> str:
    if kind == "comment":
        return ""
    if kind == "code":
        return piece.strip("`")
    if kind == "text":
        piece = ATTRIBUTES.sub("", LINK.sub(r"\1", piece))
        return TAG.sub("", EMPHASIS.sub(r"\1", piece))
    return piece

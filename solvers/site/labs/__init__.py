"""Labs: executed notebooks whose numbers a key holds. A lab itself needs `Lab` only."""

from solvers.site.labs.lab import Lab as Lab

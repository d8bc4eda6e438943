"""Derivations of deep-learning exam answers, one subject a file; `solvers.site` turns them into pages.

Importing this package imports nothing else: scalar solvers load neither numpy nor sympy.
"""

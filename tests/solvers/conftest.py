"""Random inputs are the same in every run, so that a failure seen once is seen again."""

from hypothesis import settings

settings.register_profile("reproducible", derandomize=True, deadline=None, database=None, max_examples=40)
settings.load_profile("reproducible")

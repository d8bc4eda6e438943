"""What a change does to the data of the site, told in a comment on its pull request. Nothing else of the engine is imported
here: the data comes from strangers, and whoever reads it runs none of their code."""

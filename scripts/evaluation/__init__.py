"""The evaluation snapshot: what a release says about its own classification, in files that people and programs read."""

"""The page docs/rules.md, written from the seeds that hold the rules."""

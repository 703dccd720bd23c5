"""Does a moved threshold change a pinned result? Run by `./scripts/run mutation`, outside the test suite."""

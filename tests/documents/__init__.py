"""What the documents tell people to type is typed here: `./scripts/run test-docs`."""

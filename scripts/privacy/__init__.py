"""What the law on personal data asks for: an inventory, erasure of a person, a new secret key."""

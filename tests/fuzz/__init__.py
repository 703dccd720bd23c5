"""Random landings against the landing's door and against the whole build."""

"""People, institutions, roles: who may do and read what."""

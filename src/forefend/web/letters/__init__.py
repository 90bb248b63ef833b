"""Mail: written with the change it tells of, sent afterwards."""

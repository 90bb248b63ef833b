"""The register of hand-kept facts."""

"""Numbers: every figure shown, opened to its inputs."""

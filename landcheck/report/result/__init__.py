"""The result as JSON: written, and read again without the inputs."""

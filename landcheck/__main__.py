"""``python -m landcheck`` and the ``landcheck`` command."""

from landcheck.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

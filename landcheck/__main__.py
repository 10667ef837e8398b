"""``python -m landcheck`` and the ``landcheck`` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; an interruption ends it with one line, also while it is still being loaded."""
    try:
        from landcheck.cli.app import main as run

        run()
    except KeyboardInterrupt as stop:
        from landcheck.cli import console
        from landcheck.lean import leave

        console.interrupted(stop)
        leave(console.INTERRUPTED)


if __name__ == "__main__":
    main()

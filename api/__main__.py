"""Here is a command line; run the command it names."""

from api.commands import app


def main() -> None:
    """Run `unionqa`."""
    app()


if __name__ == "__main__":
    main()

"""`python -m nightschool`."""

from nightschool.cli.main import main

if __name__ == "__main__":
    main()

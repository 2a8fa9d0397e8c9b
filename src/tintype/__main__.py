"""`python -m tintype`: the same as the command `tintype`."""

from tintype.entry.cli import main

if __name__ == "__main__":
    main()

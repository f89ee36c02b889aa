"""`python -m sim`: the command line, where the two commands are not on the path."""

from sim.cli import main

if __name__ == "__main__":
    main()

"""The application joined to the made-up world. Only the command line and tests import it."""

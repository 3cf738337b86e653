"""The version of the program, where the daemon finds it without a look into package metadata."""

VERSION = "0.1.0"

"""The rules of the kiosk: pure values and functions, no clock, no random, no input or output."""

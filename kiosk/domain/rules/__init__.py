"""One module per flow: what a fact or a touch changes."""

"""Messages to residents: written from templates, handed to a channel, never lost and never said twice."""

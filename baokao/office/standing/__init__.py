"""Where things stand: registered, paid, empty and expiring, who is missing, and why somebody can't register (G5)."""

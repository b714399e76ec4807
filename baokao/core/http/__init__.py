"""What every request passes through: who may ask, from where, how much, and how it is refused."""

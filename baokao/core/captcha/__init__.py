"""A picture of digits, or the digits spoken, that a person copies (rules A4, A5, A8; proofs a14, e5)."""

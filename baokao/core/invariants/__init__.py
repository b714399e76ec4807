"""What must hold at any moment (proofs.md of the design: I1–I14), asked by `baokao audit` and after tests."""

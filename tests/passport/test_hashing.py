"""How a password is kept (rule A4)."""

from baokao.passport.hashing import hashed, matches


def test_a4_a_password_is_kept_by_argon2id_with_the_figures_told():
    """19 MiB, two passes, one lane, and a salt of its own each time."""
    first, second = hashed("a long password"), hashed("a long password")
    assert first.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert matches("a long password", first)
    assert not matches("A long password", first)

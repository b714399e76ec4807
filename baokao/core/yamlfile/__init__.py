"""Reading settings out of YAML files that people write by hand: every value as it was typed, with its line.

YAML guesses types (`01` is a number, `no` is a truth value, `9:00` counts in sixties). Nothing is guessed here: a
scalar is its text, and the reader of a key says what that has to be. No file is trusted: size, depth and number of
values are bounded, and anchors, aliases and tags are refused, so that nothing unfolds into more than was sent.
"""

from baokao.core.yamlfile.fields import Fields, entries, items, value
from baokao.core.yamlfile.reading import Items, Node, Pairs, Scalar, read
from baokao.core.yamlfile.values import Convert, Unsuitable

__all__ = ["Convert", "Fields", "Items", "Node", "Pairs", "Scalar", "Unsuitable", "entries", "items", "read", "value"]

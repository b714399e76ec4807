"""Where the pages of a group are."""


def address(group, rest=""):
    """The page of a group, or one below it: `add/`, `pay/`, `refresh/`."""
    return f"/office/group/{group.id}/{rest}"

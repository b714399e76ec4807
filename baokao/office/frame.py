"""What the bar and the rail of every office page show."""

from typing import Any

from baokao.office import areas
from baokao.office.desk import Desk


def frame(desk: Desk, title: str, here: str) -> dict[str, Any]:
    """The context that `office/base.html` needs. `here` is the URL name of the area that the page belongs to."""
    return {"page_title": title, "desk": desk, "rail": list(areas.of(desk.role)), "here": here, "now": desk.now}

"""CET6资格复核 at a coordinator's desk: the queue, one application, and applying on behalf (rules E4, E6, E7)."""

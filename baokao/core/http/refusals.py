"""The exceptions that become an error page of their own; `middleware/errors.py` turns them into answers."""


class RateLimited(Exception):
    """Too many tries: answered with 429 and `Retry-After`, in seconds."""

    def __init__(self, message: str = "操作过于频繁，请稍后再试。", retry_after: int = 60) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class Unavailable(Exception):
    """The house can't answer now, though the request was sound: answered with 503 and `Retry-After`, in seconds."""

    def __init__(self, message: str = "系统繁忙，请稍后再试。", retry_after: int = 5) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after

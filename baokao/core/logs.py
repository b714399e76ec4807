"""Logs as one JSON object a line on standard error, without personal data (rule H2, proof f1).

Messages are names of events; values are ids, codes, counts and durations. Django's own request logger, which would
write raw paths, is silenced: the access log of `middleware/requests.py` says what is worth keeping.
"""

import logging
import logging.config
import sys

import structlog

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def configure() -> None:
    """Set structlog and the standard logging up alike; safe to call again."""
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Asked for at each line, so that a standard error that was exchanged since is followed.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*_SHARED, _only_the_place],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(ensure_ascii=False),
                    ],
                }
            },
            "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["lines"], "level": "WARNING"},
            "loggers": {
                "django.request": {"level": "CRITICAL"},
                "django.security": {"level": "CRITICAL"},
                "django.db.backends": {"level": "WARNING"},
                "procrastinate": {"level": "WARNING"},
            },
        }
    )


def _only_the_place(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception of foreign code is told by its class and place: its message may quote a row (`Key (email)=(…)`)."""
    record = event.get("_record")
    if record is not None and record.exc_info and record.exc_info[0]:
        event["exception"] = place(record.exc_info[1])
    event.pop("exc_info", None)
    return event


def place(error: BaseException | None) -> str:
    """An exception's class and the innermost line that raised it, without its message."""
    if error is None:
        return ""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    where = f"{step.tb_frame.f_code.co_filename.rpartition('/baokao/')[2]}:{step.tb_lineno}" if step else "?"
    return f"{type(error).__name__} at {where}"

"""The operations under /bridge/v1/: what the widget, or any program in its place, does for the person."""

from payproof.contract.operation import NOTE, Operation, get, post
from payproof.contract.session import (
    AnswerRequest,
    AttemptBody,
    AttemptRequest,
    FinishBody,
    OfferedProviders,
    SessionBody,
    SessionRequest,
)

ANSWERS = 1_000_000
"""A body of dozens of answers, each at its longest and written in escapes."""

_SESSION = "/bridge/v1/sessions/{session_id}/"
_ATTEMPT = "/bridge/v1/attempts/{attempt_id}/"

OPERATIONS: tuple[Operation, ...] = (
    post(
        "sessions_create",
        "/bridge/v1/sessions/",
        "Sessions",
        "Open a session",
        SessionBody,
        request=SessionRequest,
        max_bytes=NOTE,
        refusals=(400, 404, 410),
    ),
    get(
        "sessions_providers",
        _SESSION + "providers/",
        "Sessions",
        "Providers to choose from",
        OfferedProviders,
        refusals=(404, 410),
    ),
    post(
        "attempts_create",
        _SESSION + "attempts/",
        "Attempts",
        "Start an attempt",
        AttemptBody,
        request=AttemptRequest,
        max_bytes=ANSWERS,
        refusals=(400, 404, 410),
    ),
    get(
        "sessions_events",
        _SESSION + "events/",
        "Sessions",
        "Attempts as they change, as server-sent events named `attempt`",
        AttemptBody,
        media_type="text/event-stream",
        refusals=(404,),
    ),
    post(
        "sessions_finish",
        _SESSION + "finish/",
        "Sessions",
        "Finish the session and get its public token",
        FinishBody,
        status=200,
        refusals=(400, 404, 410),
    ),
    get("attempts_read", _ATTEMPT, "Attempts", "Look at an attempt", AttemptBody, refusals=(401, 404)),
    post(
        "attempts_answers",
        _ATTEMPT + "answers/",
        "Attempts",
        "Answer the question that is open",
        AttemptBody,
        request=AnswerRequest,
        max_bytes=ANSWERS,
        status=202,
        refusals=(400, 401, 404),
    ),
    post(
        "attempts_files",
        _ATTEMPT + "files/",
        "Attempts",
        "Hand over files, as multipart/form-data",
        AttemptBody,
        status=202,
        has_files=True,
        refusals=(400, 401, 404, 413),
    ),
)

"""The bodies of refusals. Status 400 carries a list of what is wrong; 404 and its kin have a shape of their own."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from payproof.contract.reading import WHOLE, InvalidParams, Problem


class ErrorCode(StrEnum):
    INCORRECT_PARAMETERS = "incorrect_parameters"
    AUTHENTICATION_FAILED = "authentication_failed"
    NOT_AUTHENTICATED = "not_authenticated"
    ENV_NOT_SANDBOX = "env_not_sandbox"
    EXPIRED_TOKEN = "expired_token"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"


class Extra(Struct, frozen=True, rename={"invalid_params": "invalid-params"}):
    invalid_params: tuple[Problem, ...]


class Error(Struct, frozen=True):
    code: ErrorCode
    message: str
    extra: Extra | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


class ErrorBody(Struct, frozen=True):
    """A refusal with a code."""

    error: Error


class DetailBody(Struct, frozen=True):
    """A refusal without a code: 404, 405, 406, 413, 415 and 501."""

    detail: str


NOT_FOUND = DetailBody("Not Found.")
INVALID_PAGE = DetailBody("Invalid page.")
INVALID_CURSOR = DetailBody("Invalid cursor")
NOT_BUILT = DetailBody("Not built yet.")
NOT_ACCEPTABLE = DetailBody("Could not satisfy the request Accept header.")
REQUESTS_UNKEPT = DetailBody("This server keeps no requests: start it with PAYPROOF_KEEP_REQUESTS=200.")
TOO_LARGE = DetailBody("Request body is too large.")


def incorrect_parameters(refused: InvalidParams) -> ErrorBody:
    return ErrorBody(Error(ErrorCode.INCORRECT_PARAMETERS, "Incorrect request parameters", Extra(refused.problems)))


def cut_off() -> ErrorBody:
    return incorrect_parameters(InvalidParams(Problem(WHOLE, "The body ended before it was whole.")))


def refresh_limit() -> ErrorBody:
    message = "Refresh limit for the access_token exceeded"
    return ErrorBody(Error(ErrorCode.INCORRECT_PARAMETERS, message, Extra((Problem("access_token", message),))))


def authentication_failed() -> ErrorBody:
    return ErrorBody(Error(ErrorCode.AUTHENTICATION_FAILED, "Incorrect authentication credentials."))


def not_authenticated() -> ErrorBody:
    return ErrorBody(Error(ErrorCode.NOT_AUTHENTICATED, "You do not have permission to perform this action."))


def env_not_sandbox() -> ErrorBody:
    return ErrorBody(Error(ErrorCode.ENV_NOT_SANDBOX, "This endpoint is for sandbox keys only."))


def expired_token() -> ErrorBody:
    return ErrorBody(Error(ErrorCode.EXPIRED_TOKEN, "The token has expired or was used before."))


def throttled(seconds: int) -> ErrorBody:
    return ErrorBody(
        Error(ErrorCode.THROTTLED, f"Request was throttled. Expected available in {seconds} seconds."),
    )


def server_error(request_id: str) -> ErrorBody:
    return ErrorBody(Error(ErrorCode.SERVER_ERROR, "The server failed to answer.", request_id=request_id))


def method_not_allowed(method: str) -> DetailBody:
    return DetailBody(f'Method "{method}" not allowed.')


def unsupported_media_type() -> DetailBody:
    return DetailBody("Unsupported media type in request. Send application/json.")

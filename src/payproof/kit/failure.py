"""The vocabulary of bad endings. A connector raises one; the workflow ends the task with it."""

from payproof.model.task import TaskStatus


class Failure(Exception):
    """Ends a task. `message` is for the person and goes out as `error_message`; `detail` is for our log only."""

    status: TaskStatus = TaskStatus.ERROR
    reason: str = "error"
    message: str = "Something went wrong at the provider. Please try again later."

    def __init__(self, message: str | None = None, *, reason: str | None = None, detail: str = "") -> None:
        self.message = message or type(self).message
        self.reason = reason or type(self).reason
        self.detail = detail
        super().__init__(self.message)


class SourceFailed(Failure):
    """The source broke in a way that has no name of its own."""

    reason = "source_failed"


class SignInInterrupted(Failure):
    """We cannot know whether the last sign-in went through and may not send the password a third time."""

    reason = "sign_in_interrupted"
    message = "The sign-in was interrupted. Please connect again."


class LoginRefused(Failure):
    status = TaskStatus.LOGIN_ERROR
    reason = "login_refused"
    message = "Invalid credentials provided"


class AccountLocked(Failure):
    status = TaskStatus.ACCOUNT_LOCKED
    reason = "account_locked"
    message = "Your account is locked. Unlock it at the provider and try again."


class MfaRefused(Failure):
    status = TaskStatus.MFA_ERROR
    reason = "mfa_refused"
    message = "The verification code is not correct."


class ConfigRefused(Failure):
    """A wrong organisation, address or file: something the person can correct by reading the message."""

    status = TaskStatus.CONFIG_ERROR
    reason = "config_refused"
    message = "The provider's settings are not correct."


class NoData(Failure):
    status = TaskStatus.NO_DATA
    reason = "no_data"
    message = "The account holds no data."


class Unavailable(Failure):
    status = TaskStatus.UNAVAILABLE
    reason = "unavailable"
    message = "The provider is not available at the moment. Please try again later."


class UnableToReset(Failure):
    status = TaskStatus.UNABLE_TO_RESET
    reason = "unable_to_reset"
    message = "The credentials could not be reset."


class NotSupported(Failure):
    status = TaskStatus.NOT_SUPPORTED
    reason = "not_supported"
    message = "This product is not supported by the provider."

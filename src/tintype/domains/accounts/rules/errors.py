"""What may go wrong with accounts, and what a client is told then."""

from tintype.platform.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Unavailable


class UsernameTaken(Conflict):
    code, message = "USERNAME_TAKEN", "This username is taken."


class EmailTaken(Conflict):
    code, message = "EMAIL_TAKEN", "There is an account with this e-mail address already."


class RegistrationClosed(Forbidden):
    code, message = "REGISTRATION_CLOSED", "New accounts cannot be made here."


class InviteInvalid(Invalid):
    code, message = "INVITE_INVALID", "This invitation is not valid, or no longer."


class LoginFailed(NotSignedIn):
    code, message = "LOGIN_FAILED", "This name and password do not belong together."


class AccountSuspendedError(Forbidden):
    code, message = "ACCOUNT_SUSPENDED", "This account is suspended."


class AccountPendingError(Forbidden):
    code, message = "ACCOUNT_PENDING", "This account has still to be approved."


class ResetLinkInvalid(Invalid):
    code, message = "RESET_LINK_INVALID", "This link was used already or is too old. Ask for a new one."


class FieldProtected(Invalid):
    code, message = "FIELD_PROTECTED", "This cannot be changed here."


class SecondFactorRequired(NotSignedIn):
    code, message = "SECOND_FACTOR_REQUIRED", "One more step shows that it is you."


class SecondFactorFailed(Invalid):
    code, message = "SECOND_FACTOR_FAILED", "This code is wrong or was used already. Try the next one."


class ChallengeExpired(Invalid):
    code, message = "CHALLENGE_EXPIRED", "This took too long or was tried too often. Begin again."


class PasswordWrong(Forbidden):
    code, message = "PASSWORD_WRONG", "This is not your password."


class LoginAgain(Forbidden):
    code, message = "LOGIN_AGAIN", "Log in again to do this: your log-in is too long ago."


class NoSecondFactor(NotFound):
    code, message = "NO_SECOND_FACTOR", "There is no such second step."


class TotpAlreadyOn(Conflict):
    code, message = "TOTP_ALREADY_ON", "An authenticator app is set up already. Remove it first."


class PasskeyRefused(Invalid):
    code, message = "PASSKEY_REFUSED", "This passkey could not be verified."


class PasskeyLimit(Conflict):
    code, message = "PASSKEY_LIMIT", "There are too many passkeys. Remove one first."


class EmailLinkInvalid(Invalid):
    code, message = "EMAIL_LINK_INVALID", "This link was used already or is too old. Ask for a new one."


class EmailUnverified(Forbidden):
    code, message = "EMAIL_UNVERIFIED", "Confirm your e-mail address first: open the link that was sent to it."


class LastWayIn(Conflict):
    code, message = "LAST_WAY_IN", "Without this you could not log in any more. Set a password first."


class IdentityTaken(Conflict):
    code, message = "IDENTITY_TAKEN", "This account elsewhere belongs to another account here."


class EmailNeedsLink(Conflict):
    code, message = (
        "EMAIL_NEEDS_LINK",
        "There is an account with this e-mail address. Log in to it and connect the provider in the settings.",
    )


class ProviderRefused(Forbidden):
    code, message = "PROVIDER_REFUSED", "The provider did not let you in, or its answer cannot be trusted."


class ProviderDown(Unavailable):
    code, message = "PROVIDER_DOWN", "The provider does not answer. Try again, or log in another way."

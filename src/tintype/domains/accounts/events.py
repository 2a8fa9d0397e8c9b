"""Facts about accounts and their sessions."""

from tintype.platform.event_log.port import Event


class AccountRegistered(Event, frozen=True):
    """There is a new account; it may still wait for approval."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountApproved(Event, frozen=True):
    """An operator has let a waiting account in."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class ProfileChanged(Event, frozen=True):
    """Something that the account's cards or profile show has changed."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountPrivacyChanged(Event, frozen=True):
    """The account became private or public."""

    topic = "accounts"
    key = "account_id"

    account_id: int
    is_private: bool


class AccountSuspended(Event, frozen=True):
    """The account is shown to nobody and cannot log in."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountUnsuspended(Event, frozen=True):
    """The account is back."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountDeactivated(Event, frozen=True):
    """Its owner has left, for a while or for good: the account is shown to nobody."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountReactivated(Event, frozen=True):
    """Its owner is back."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountErased(Event, frozen=True):
    """Nothing of the account is left."""

    topic = "accounts"
    key = "account_id"

    account_id: int


class AccountRoleChanged(Event, frozen=True):
    """The account has another role."""

    topic = "accounts"
    key = "account_id"

    account_id: int
    role: str


class SessionOpened(Event, frozen=True):
    """Somebody logged in."""

    topic = "sessions"
    key = "account_id"

    account_id: int
    session_id: int


class SessionRevoked(Event, frozen=True):
    """A session ended; its access tokens are refused from now on."""

    topic = "sessions"
    key = "account_id"

    account_id: int
    session_id: int


class ProfileVisited(Event, frozen=True):
    """Somebody who is signed in looked at another's profile."""

    topic = "views"
    key = "visitor_id"

    visitor_id: int
    account_id: int

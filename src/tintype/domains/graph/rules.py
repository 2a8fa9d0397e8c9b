"""What may follow what."""

from typing import Literal

from tintype.platform.errors import Forbidden, Invalid

FollowState = Literal["NONE", "PENDING", "ACCEPTED"]


class AccountPrivate(Forbidden):
    code, message = "ACCOUNT_PRIVATE", "This account is private. Follow it to see this."


class SelfFollow(Invalid):
    code, message = "CANNOT_FOLLOW_SELF", "You cannot follow yourself."


def wanted(is_private: bool) -> FollowState:
    """The state that a new follow of such an account has."""
    return "PENDING" if is_private else "ACCEPTED"

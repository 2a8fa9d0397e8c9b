"""What may follow what."""

from typing import Literal

from tintype.platform.errors import Forbidden, Invalid, NotFound

FollowState = Literal["NONE", "PENDING", "ACCEPTED"]
STANDING: tuple[FollowState, ...] = ("PENDING", "ACCEPTED")


class AccountPrivate(Forbidden):
    code, message = "ACCOUNT_PRIVATE", "This account is private. Follow it to see this."


class SelfFollow(Invalid):
    code, message = "CANNOT_FOLLOW_SELF", "You cannot follow yourself."


class SelfBlock(Invalid):
    code, message = "CANNOT_BLOCK_SELF", "You cannot block yourself."


class SelfMute(Invalid):
    code, message = "CANNOT_MUTE_SELF", "You cannot mute yourself."


class RequestNotFound(NotFound):
    code, message = "REQUEST_NOT_FOUND", "This request is not here any more."


def wanted(is_private: bool) -> FollowState:
    """The state that a new follow of such an account has."""
    return "PENDING" if is_private else "ACCEPTED"

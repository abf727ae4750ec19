"""What is counted per account, session and client; by address, see the routes."""

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from auth_service import codes
from servicekit.limits import counters

# Twenty wrong passwords for an account in fifteen minutes, whoever tries. Some are kept for the addresses that the
# account has signed in from: strangers cannot use those up, so they cannot keep the owner out.
STRANGERS = RateLimitItemPerMinute(15, 15, "password-strangers")
KNOWN = RateLimitItemPerMinute(5, 15, "password-known")
RENEWALS = RateLimitItemPerMinute(60, 1, "refresh")
REGISTRATIONS = RateLimitItemPerHour(10, 1, "register")
RESETS = RateLimitItemPerHour(10, 1, "reset")
# To one address from one business.
INVITATIONS = RateLimitItemPerHour(10, 1, "invitation")
EMAIL_CHANGES = RateLimitItemPerHour(5, 1, "email-change")
CLIENT_TOKENS = RateLimitItemPerMinute(120, 1, "client")


def account_key(user_id: int | None, login: str) -> str:
    """An account counts once, by whichever name it is called; a name that nobody has counts like an account."""
    return f"user:{user_id}" if user_id else f"name:{codes.digest(login)}"


def charge(key: str, known: bool) -> RateLimitItem:
    """Takes one of the account's tries before the password is looked at, so that tries at once are counted, too.

    TooManyRequests, for at most fifteen minutes, when none is left: right passwords wait as well, or the answer would
    tell them from wrong ones.
    """
    if known and counters().take(KNOWN, key):
        return KNOWN
    # Quietly: what is left would tell whether the account has signed in from here.
    counters().count(STRANGERS, key, quietly=True)
    return STRANGERS


def give_back(item: RateLimitItem, key: str) -> None:
    """The password was right: this try does not count."""
    counters().give_back(item, key)


def forget(user_id: int) -> None:
    """The owner has proved who they are by mail: all tries are there again."""
    for item in (STRANGERS, KNOWN):
        counters().forget(item, f"user:{user_id}")

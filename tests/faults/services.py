"""A copy of the real services for the scripts that break them, with an owner signed in and one public product."""

import contextlib

from tests import copies

# The workers prune and follow feeds; nothing here waits for them but keys and names in catalog-service.
NAMES = ("gateway", "auth", "catalog", "catalog-worker", "chat")


@contextlib.contextmanager
def prepared(given=None, names=NAMES, each=None):
    """The given copy, or one that lives as long as this block; with `token` and `product`."""
    with contextlib.nullcontext(given) if given else copies.stack(names, each) as stack:
        if not given:
            stack.start()
            stack.register()
            stack.token = stack.sign_in()
            stack.product = stack.publish(stack.token)
            # Whoever verifies tokens has read the keys by now, and the public list is kept.
            for path in ("/api/products/", "/api/products/public/", "/api/conversations/"):
                copies.wait_until(lambda path=path: stack.call("GET", path, token=stack.token)[0] == 200)
        yield stack


def asking(path, token=None):
    """What a Crowd asks again and again."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return lambda number: ("GET", path, None, headers)


def first_good(stack, path, token=None, seconds=30):
    """Seconds until the path answered 200."""
    return round(copies.wait_until(lambda: _status(stack, path, token) == 200, seconds), 2)


def _status(stack, path, token):
    with contextlib.suppress(OSError):
        return stack.call("GET", path, token=token)[0]
    return None

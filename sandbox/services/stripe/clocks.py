"""Test clocks, as far as they set customers apart: made, read and deleted with their customers; they never advance."""

from starlette.requests import Request

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.asked import Asked, admit, whole
from sandbox.services.stripe.books import Item
from sandbox.services.stripe.documented import accept
from sandbox.services.stripe.errors import missing_parameter
from sandbox.services.stripe.subscriptions import Subscriptions


class Clocks:
    """The routes under /v1/test_helpers/test_clocks."""

    def __init__(self, account: Account, subscriptions: Subscriptions) -> None:
        self._account, self._subscriptions = account, subscriptions

    async def create(self, request: Request, given: Asked) -> Item:
        """POST."""
        accept(given, "test_clock_create", ("frozen_time", "name"))
        if "frozen_time" not in given:
            raise missing_parameter("frozen_time")
        now = self._account.now()
        made: Item = {
            "id": self._account.books.draw("clock"), "object": "test_helpers.test_clock", "created": now,
            "deletes_after": now + 30 * 86400,
            "frozen_time": whole(given["frozen_time"], "frozen_time"), "livemode": False, "name": given.get("name"),
            "status": "ready", "status_details": {},
        }  # fmt: skip
        self._account.books["test_clocks"].put(made)
        return made

    async def delete(self, request: Request, given: Asked) -> Item:
        """DELETE: its customers and their subscriptions go with it."""
        admit(given, ())
        clock = self._account.books["test_clocks"].get(request.path_params["id"])
        for customer in list(self._account.books["customers"].stored.values()):
            if customer["test_clock"] == clock["id"]:
                for subscription in self._subscriptions.alive(customer["id"]):
                    self._subscriptions.end(request, subscription)
                self._account.books["customers"].remove(customer["id"])
        return self._account.books["test_clocks"].remove(clock["id"])

"""Every path of Stripe's that the sandbox answers."""

from starlette.routing import Route

from sandbox.services.stripe.account import Account
from sandbox.services.stripe.answering import Answering, Calls
from sandbox.services.stripe.clocks import Clocks
from sandbox.services.stripe.customers import Customers
from sandbox.services.stripe.deliveries import Deliveries
from sandbox.services.stripe.drafts import Drafts
from sandbox.services.stripe.endpoints import Endpoints
from sandbox.services.stripe.invoices import Invoices
from sandbox.services.stripe.reading import PARAMETERS, Reading
from sandbox.services.stripe.recording import Recorder
from sandbox.services.stripe.sales import Sales
from sandbox.services.stripe.subscriptions import Subscriptions


def routes(account: Account, answering: Answering, deliveries: Deliveries) -> list[Route]:
    """One route for each path, with the methods that it has."""
    return [
        Route(path, answering.endpoint(path, calls), methods=list(calls))
        for path, calls in _calls(account, deliveries).items()
    ]


def _calls(account: Account, deliveries: Deliveries) -> dict[str, Calls]:
    """Path -> method -> call."""
    reading, recorder = Reading(account), Recorder(account, deliveries)
    invoices = Invoices(account, recorder)
    subscriptions = Subscriptions(account, recorder, invoices)
    customers, sales = Customers(account, recorder, subscriptions), Sales(account, recorder)
    drafts = Drafts(account, recorder, invoices)
    endpoints, clocks = Endpoints(account, deliveries), Clocks(account, subscriptions)
    written: dict[str, Calls] = {
        "customers": {"POST": customers.create},
        "customers/{id}": {"POST": customers.update, "DELETE": customers.delete},
        "payment_methods": {"POST": customers.make},
        "payment_methods/{id}/attach": {"POST": customers.attach},
        "payment_methods/{id}/detach": {"POST": customers.detach},
        "products": {"POST": sales.create_product},
        "products/{id}": {"POST": sales.update_product},
        "prices": {"POST": sales.create_price},
        "prices/{id}": {"POST": sales.update_price},
        "subscriptions": {"POST": subscriptions.create},
        "subscriptions/{id}": {"POST": subscriptions.update, "DELETE": subscriptions.cancel},
        "invoiceitems": {"POST": drafts.add},
        "invoices": {"POST": drafts.create},
        "invoices/{id}/finalize": {"POST": drafts.finalize},
        "invoices/{id}/pay": {"POST": invoices.pay},
        "webhook_endpoints": {"POST": endpoints.create},
        "webhook_endpoints/{id}": {"POST": endpoints.update, "DELETE": endpoints.delete},
        "events/{id}/retry": {"POST": endpoints.resend},
        "test_helpers/test_clocks": {"POST": clocks.create},
        "test_helpers/test_clocks/{id}": {"DELETE": clocks.delete},
    }
    read = _read(reading)
    return {f"/v1/{path}": {**read.get(path, {}), **written.get(path, {})} for path in {**read, **written}}


def _read(reading: Reading) -> dict[str, Calls]:
    kinds = [kind if kind != "test_clocks" else "test_helpers/test_clocks" for kind in PARAMETERS]
    return {
        "account": {"GET": reading.account},
        "balance": {"GET": reading.balance},
        "subscription_items": {"GET": reading.items},
        "subscription_items/{id}": {"GET": reading.item},
        "customers/{id}/payment_methods": {"GET": reading.of_customer},
        **{kind: {"GET": reading.listing} for kind in kinds},
        **{f"{kind}/{{id}}": {"GET": reading.retrieval} for kind in kinds},
    }

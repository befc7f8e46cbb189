"""The journey of the original's load test, for Locust 2: nine requests, again and again.

All users are the customer "user" with its one cart, as in the original: two of them may empty it between a POST /cart and a
POST /orders, or order it at the same time. A checkout that the shop refuses for that (406, 409) is no failure here.
"""

import random

from locust import HttpUser, constant, task
from locust.exception import StopUser

CREDENTIALS = ("user", "password")


class Customer(HttpUser):
    # The original's users do not think.
    wait_time = constant(0)
    # Without --host on the command line.
    host = "http://localhost:8080"

    @task
    def buy_a_sock(self):
        sock = self.any_sock()
        if sock is None:
            return
        self.client.get("/")
        self.client.get("/login", auth=CREDENTIALS)
        self.client.get("/category.html")
        # One line in the statistics, not one for each sock.
        self.client.get("/detail.html", params={"id": sock}, name="/detail.html?id={id}")
        self.client.delete("/cart")
        self.client.post("/cart", json={"id": sock, "quantity": 1})
        self.client.get("/basket.html")
        self.order()

    def any_sock(self):
        """The id of a sock, or None where the shop has no list to choose from."""
        with self.client.get("/catalogue", catch_response=True) as response:
            if not response.ok:
                return None  # counted as a failure already
            try:
                socks = response.json()
                return random.choice(socks)["id"]
            except (ValueError, LookupError, TypeError):
                response.failure("no list of socks")
                return None

    def order(self):
        with self.client.post("/orders", catch_response=True) as response:
            if response.status_code in (406, 409):
                response.success()
            elif response.status_code == 401:
                response.failure("logged out")
                raise StopUser()

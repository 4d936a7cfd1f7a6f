"""Everything that the entries of a chunk name, looked up at once: customers, items, locked months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import InvoError
from invo_cli.gst.document import CustomerInput, DocumentInput
from invo_cli.models import Business, Customer, Item, PeriodLock
from invo_cli.services import books, customers
from invo_cli.services.acting import Act
from invo_cli.services.records import Records

Given = str | CustomerInput
AT_ONCE = 500
"""Values asked for in one statement."""
MOST_CUSTOMERS = 20_000
"""How many customers are kept in memory before they are all forgotten."""
_KEYS = ("code_key", "name_key", "gstin", "mobile")


class Directory(Records):
    """The records of a business as far as the entries so far named them; the caller holds the book."""

    def __init__(self, session: Session, business: Business, act: Act) -> None:
        super().__init__(session, business, act)
        self._items: dict[str, Item] = {}
        self.forget()

    def prepare(self, documents: Iterable[DocumentInput]) -> None:
        """Look up, or make ready to be stored, every customer that the documents name."""
        if len(self._found) > MOST_CUSTOMERS:
            self.forget()
        given = (each.customer for each in documents if each.customer is not None)
        wanted = [each for each in dict.fromkeys(given) if each not in self._found]
        self._load(wanted)
        codes = self._codes(sum(isinstance(each, CustomerInput) and not self._match(each) for each in wanted))
        for each in wanted:
            try:
                self._found[each] = self._named(each) if isinstance(each, str) else self._described(each, codes)
            except InvoError as error:
                self._found[each] = error

    def customer(self, given: Given) -> tuple[Customer, list[str]]:
        """The customer that is meant; what is said of a new one."""
        found = self._found[given]
        if isinstance(found, InvoError):
            raise found
        return found

    def new_among(self, used: Iterable[Customer]) -> list[Customer]:
        """Those of the customers that are not stored yet; from now on they count as stored."""
        return [new for each in used if (new := self._new.pop(each.id, None)) is not None]

    def item(self, code: str) -> Item:
        """The item with this code, asked for once."""
        key = code.strip().upper()
        if key not in self._items:
            item = super().item(code)
            self.session.expunge(item)
            self._items[key] = item
        return self._items[key]

    def is_locked(self, periods: Collection[str]) -> bool:
        """Whether one of these months (MMYYYY) is locked."""
        return not self._locked.isdisjoint(periods)

    @cached_property
    def _locked(self) -> frozenset[str]:
        query = select(PeriodLock.period).where(PeriodLock.business_id == self.business.id)
        return frozenset(self.session.scalars(query))

    def forget(self) -> None:
        """Forget every customer, because there are too many or somebody else made some."""
        self._found: dict[Given, tuple[Customer, list[str]] | InvoError] = {}
        self._asked: set[tuple[str, str]] = set()
        self._new: dict[int, Customer] = {}
        self._by_id: dict[int, Customer] = {}
        self._by: defaultdict[tuple[str, str], list[Customer]] = defaultdict(list)

    def _load(self, wanted: Sequence[Given]) -> None:
        """The customers that have a code, name, GSTIN or mobile number among those wanted."""
        names = {each for each in wanted if isinstance(each, str)}
        described = [each for each in wanted if isinstance(each, CustomerInput)]
        self._ask("code_key", {name.strip().upper() for name in names})
        self._ask("name_key", {customers.name_key(name) for name in names})
        self._ask("gstin", {each.gstin for each in described if each.gstin})
        self._ask("mobile", {each.mobile for each in described if each.mobile})

    def _ask(self, column: str, values: set[str]) -> None:
        new = sorted(value for value in values if (column, value) not in self._asked)
        self._asked.update((column, value) for value in new)
        for start in range(0, len(new), AT_ONCE):
            is_wanted = getattr(Customer, column).in_(new[start : start + AT_ONCE])
            query = select(Customer).where(Customer.business_id == self.business.id, is_wanted)
            for customer in self.session.scalars(query.order_by(Customer.created_at, Customer.id)):
                self.session.expunge(customer)
                if customer.id not in self._by_id:
                    self._index(customer)

    def _index(self, customer: Customer) -> None:
        self._by_id[customer.id] = customer
        for column in _KEYS:
            value = getattr(customer, column)
            if value is not None:
                self._by[column, value].append(customer)

    def _living(self, column: str, value: str) -> list[Customer]:
        """The first few with that value, oldest first, that are not deleted."""
        found = (each for each in self._by.get((column, value), ()) if not each.is_deleted)
        return sorted(found, key=lambda each: (each.created_at, each.id))[: customers.MOST_TWINS]

    def _named(self, name: str) -> tuple[Customer, list[str]]:
        found = self._by.get(("code_key", name.strip().upper())) or self._living("name_key", customers.name_key(name))
        if len(found) == 1 and not found[0].is_deleted:
            return found[0], []
        # What is wrong with it is said as ever.
        return customers.get(self.session, self.business.id, name), []

    def _described(self, given: CustomerInput, codes: list[str]) -> tuple[Customer, list[str]]:
        found = self._match(given)
        if found is not None:
            return found, []
        fields = customers.checked(customers.columns(given), gstin=None, state=self.business.state)
        new = customers.new(self.business, codes.pop(), fields, act=self.act)
        twins = self._living("mobile", new.mobile) if new.mobile else []
        self._index(new)
        self._new[new.id] = new
        return new, [customers.shared("mobile", new, twins)] if twins else []

    def _match(self, given: CustomerInput) -> Customer | None:
        registered = self._living("gstin", given.gstin) if given.gstin else []
        return customers.choose(given, registered, lambda: self._namesakes(given))

    def _namesakes(self, given: CustomerInput) -> list[Customer]:
        key = customers.name_key(given.name)
        return [each for each in self._living("mobile", given.mobile or "") if each.name_key == key]

    def _codes(self, count: int) -> list[str]:
        """Codes for as many customers as may be new, the first last; those not used stay unused."""
        codes: list[str] = []
        while len(codes) < count:
            last = books.take(self.session, self.business.id, customers=count - len(codes)).customer_no
            some = [f"C-{number:04}" for number in range(last - count + len(codes) + 1, last + 1)]
            # Some may have been chosen by hand.
            theirs = (Customer.business_id == self.business.id, Customer.code_key.in_(some))
            chosen = set(self.session.scalars(select(Customer.code_key).where(*theirs)))
            codes += [code for code in some if code not in chosen]
        return codes[::-1]

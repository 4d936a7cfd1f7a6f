"""Customers, items and users as data sets."""

from __future__ import annotations

from sqlalchemy import literal
from sqlalchemy.orm import aliased, outerjoin

from invo_cli.models import Business, Customer, Item, User
from invo_cli.services import books
from invo_cli.services.exporting import events
from invo_cli.services.exporting.declaring import DataSet, Field, text, word

_Into = aliased(Customer)
_CUSTOMER = literal("customer:") + Customer.code
_ITEM = literal("item:") + Item.code
_USER = literal("user:") + User.name

CUSTOMERS = DataSet(
    name="customers",
    meaning="Customers as they are now; documents keep what was printed.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        text("code", Customer.code, "code of the customer", is_key=True),
        text("name", Customer.name, "name"),
        word("gstin", Customer.gstin, "GSTIN; none for an unregistered person"),
        word("state", Customer.state, "state, two digits; 96 is overseas"),
        word("mobile", Customer.mobile, "ten digits"),
        text("email", Customer.email, "e-mail address"),
        text("address_line1", Customer.address_line1, "address"),
        text("address_line2", Customer.address_line2, "address, second line"),
        text("city", Customer.city, "city"),
        text("pincode", Customer.pincode, "PIN code"),
        text("country", Customer.country, "country of somebody overseas"),
        Field("is_composition", "flag", Customer.is_composition, "whether under the composition scheme"),
        Field("is_sez", "flag", Customer.is_sez, "whether in a special economic zone"),
        text("notes", Customer.notes, "notes"),
        text("merged_into", _Into.code, "the customer it was merged into"),
        Field("created_at", "instant", Customer.created_at, "when it was entered"),
        Field("is_deleted", "flag", Customer.is_deleted, "whether it is hidden"),
        events.change(Customer.business_id, _CUSTOMER),
    ),
    rows=outerjoin(Customer, Business, Business.id == Customer.business_id).outerjoin(
        _Into, (_Into.business_id == Customer.business_id) & (_Into.id == Customer.merged_into_id)
    ),
    book=Customer.business_id,
    order=(Customer.code_key,),
    subject=_CUSTOMER,
    about=lambda subjects: events.named_among("customer", Customer.code, subjects),
    hidden=Customer.is_deleted,
)

ITEMS = DataSet(
    name="items",
    meaning="Parts and labour as they are now; lines keep the figures they were issued with.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        text("code", Item.code, "code of the item", is_key=True),
        text("name", Item.name, "name"),
        word("kind", Item.kind, "part or labour"),
        word("hsn", Item.hsn, "HSN code or SAC"),
        word("unit", Item.unit, "unit quantity code"),
        Field("unit_price", "quantity", Item.unit_price_thousandths, "rupees a unit"),
        Field("price_includes_tax", "flag", Item.price_includes_tax, "whether the price includes GST"),
        word("taxability", Item.taxability, "taxable, nil_rated, exempt or non_gst"),
        Field("gst_rate", "rate", Item.gst_rate_thousandths, "GST in per cent; none for the rate of the business"),
        Field("cess_rate", "rate", Item.cess_rate_thousandths, "cess in per cent"),
        Field("cess_per_unit", "quantity", Item.cess_per_unit_thousandths, "cess in rupees a unit"),
        Field("created_at", "instant", Item.created_at, "when it was entered"),
        Field("is_deleted", "flag", Item.is_deleted, "whether it is hidden"),
        events.change(Item.business_id, _ITEM),
    ),
    rows=outerjoin(Item, Business, Business.id == Item.business_id),
    book=Item.business_id,
    order=(Item.code_key,),
    subject=_ITEM,
    about=lambda subjects: events.named_among("item", Item.code, subjects),
    hidden=Item.is_deleted,
)

USERS = DataSet(
    name="users",
    meaning="People who work with invo, of every business; never a password or a token.",
    fields=(
        text("name", User.name, "name", is_key=True),
        word("role", User.role, "what the user may do"),
        Field("is_disabled", "flag", User.is_disabled, "whether signing in is refused"),
        Field("created_at", "instant", User.created_at, "when the user was made"),
        Field("password_changed_at", "instant", User.password_changed_at, "when the password was set last"),
        Field("is_deleted", "flag", User.is_deleted, "whether the user is hidden"),
        events.change(books.SYSTEM, _USER),
    ),
    rows=User.__table__,
    book=None,
    order=(User.name_key,),
    subject=_USER,
    about=lambda subjects: events.named_among("user", User.name, subjects),
    hidden=User.is_deleted,
)

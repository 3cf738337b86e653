"""Orders over the directory as they come in: one form each, as JSON, and how an order can fail."""

import enum
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from config.residents_file import LARGEST_BYTES, LONGEST


class Failure(enum.StrEnum):
    """In which way an order was not carried out."""

    MALFORMED = "malformed"
    """It says what no order says."""
    BAD_LIST = "bad_list"
    """Its list of residents cannot be used."""
    REFUSED = "refused"
    """As things are it cannot be done; nothing was changed."""
    NOT_WRITTEN = "not_written"
    """The disk did not take it, or nobody knows."""


class OrderFailed(Exception):
    """Why an order was not carried out, for a person. May hold a name: it is answered, never logged."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(why)
        self.failure = failure


def _is_one_line(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError("expected one line without spaces around it")
    return text


_Name = Annotated[str, Field(min_length=1, max_length=LONGEST["name"]), AfterValidator(_is_one_line)]
_Company = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_is_one_line)]
"""It stands on the screen beside other things."""
_Account = Annotated[str, Field(pattern=r"^[0-9]{1,8}$")]
"""Digits only: it is typed at the screen, which has no other keys there."""


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ImportResidents(_Form):
    """A list of residents as CSV. On trial: what it would change. `is_whole`: the others have moved out."""

    order: Literal["import_residents"]
    text: str = Field(max_length=LARGEST_BYTES)
    is_whole: bool = False
    is_trial: bool = False
    is_confirmed: bool = False
    """Many may move out."""


class ExportResidents(_Form):
    """Who lives here now, as CSV that can be imported again."""

    order: Literal["export_residents"]


class ListResidents(_Form):
    """Everybody who is known, those who moved out too."""

    order: Literal["list_residents"]


class ForgetResident(_Form):
    """Name, contact and messages of somebody who moved out."""

    order: Literal["forget_resident"]
    unit: Annotated[str, Field(min_length=1, max_length=LONGEST["unit"])]
    name: _Name


class ListCarriers(_Form):
    """Every carrier."""

    order: Literal["list_carriers"]


class AddCarrier(_Form):
    """A carrier, with its first code."""

    order: Literal["add_carrier"]
    name: _Company


class RenewCarrierCode(_Form):
    """Another code for a carrier."""

    order: Literal["renew_carrier_code"]
    carrier: _Company


class RemoveCarrier(_Form):
    """A carrier that comes no more."""

    order: Literal["remove_carrier"]
    carrier: _Company


class ListStaff(_Form):
    """Every staff account."""

    order: Literal["list_staff"]


class AddStaff(_Form):
    """A staff account, with its first PIN."""

    order: Literal["add_staff"]
    account: _Account
    name: _Name
    is_manager: bool = False


class RenewStaffPin(_Form):
    """Another PIN for a staff account."""

    order: Literal["renew_staff_pin"]
    account: _Account


class RemoveStaff(_Form):
    """An account that nobody uses any more."""

    order: Literal["remove_staff"]
    account: _Account


_Parcel = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_is_one_line)]
"""Its id, its proof or what stands on its door."""


class SendAgain(_Form):
    """The message with a parcel's code once more, to the contacts that are known."""

    order: Literal["send_again"]
    parcel: _Parcel


class RenewCode(_Form):
    """Another code for a parcel; the old one dies at once. The reason goes into the log: no name in it."""

    order: Literal["renew_code"]
    parcel: _Parcel
    reason: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_is_one_line)]


DeliveriesOrder = SendAgain | RenewCode


class _ParcelOrder(_Form):
    parcel: _Parcel
    account: _Account
    """Who of the staff says so."""


class SettleParcel(_ParcelOrder):
    """Somebody looked behind the door of a parcel that nobody is sure about."""

    order: Literal["settle_parcel"]
    found: Literal["parcel", "empty", "foreign"]


class RemoveParcel(_ParcelOrder):
    """A parcel was taken out by key."""

    order: Literal["remove_parcel"]
    way: Literal["to_carrier", "to_desk", "disposed"]
    reason: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_is_one_line)]


class MoveParcel(_ParcelOrder):
    """A parcel was carried to another door by key."""

    order: Literal["move_parcel"]
    door: Annotated[str, Field(min_length=1, max_length=40)]


class HoldParcel(_ParcelOrder):
    """A parcel is kept until a day; without one the hold ends."""

    order: Literal["hold_parcel"]
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


ParcelsOrder = SettleParcel | RemoveParcel | MoveParcel | HoldParcel
ResidentsOrder = ImportResidents | ExportResidents | ListResidents | ForgetResident
CarriersOrder = ListCarriers | AddCarrier | RenewCarrierCode | RemoveCarrier
StaffOrder = ListStaff | AddStaff | RenewStaffPin | RemoveStaff
Order = ResidentsOrder | CarriersOrder | StaffOrder | DeliveriesOrder | ParcelsOrder

_ORDERS: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="order")])


def read_order(fields: Mapping[str, object]) -> Order:
    """The order that the fields of a JSON object say; OrderFailed names each field that is wrong."""
    try:
        return _ORDERS.validate_python(dict(fields))
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise OrderFailed(
            Failure.MALFORMED, "; ".join(_problem(one["loc"], one["msg"]) for one in found)
        ) from None


def _problem(place: tuple[int | str, ...], what: str) -> str:
    """The first part of a place is the order itself."""
    said = what.removeprefix("Value error, ")
    if "'^[0-9]{1,8}$'" in said:
        said = "expected one to eight digits, as they are typed at the screen"
    return f"{'.'.join(map(str, place[1:])) or 'order'}: {said[:1].lower()}{said[1:]}"

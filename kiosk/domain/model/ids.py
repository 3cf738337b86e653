"""Identities. All are opaque texts; a label that people read is never an identity."""

from typing import NewType

BankId = NewType("BankId", str)
BootId = NewType("BootId", str)
CarrierCodeId = NewType("CarrierCodeId", str)
CarrierId = NewType("CarrierId", str)
CompartmentId = NewType("CompartmentId", str)
DeliveryId = NewType("DeliveryId", str)
IncidentId = NewType("IncidentId", str)
IntentId = NewType("IntentId", str)
MessageId = NewType("MessageId", str)
RecipientId = NewType("RecipientId", str)
"""A unit (`unit:<id>`) where the unit is a household, otherwise a resident (`resident:<id>`)."""
ResidentId = NewType("ResidentId", str)
SessionId = NewType("SessionId", str)
StaffId = NewType("StaffId", str)
SupplyId = NewType("SupplyId", str)
UnitId = NewType("UnitId", str)
UnlockId = NewType("UnlockId", str)

Digest = NewType("Digest", bytes)
"""Keyed digest of a code (HMAC-SHA256, key outside the database)."""

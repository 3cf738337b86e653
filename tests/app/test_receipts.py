"""Proofs of delivery: anyone with the public key can check one, and nobody can change one."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.domain import inputs as i
from kiosk.domain.events import DeliveryReaddressed, DeliveryStored
from kiosk.domain.model.delivery import Delivery
from kiosk.domain.model.ids import DeliveryId
from kiosk.ports import Written
from kiosk.receipts import KEPT, ReceiptKey, SignedReceipts
from kiosk.service.secret_files import SecretExposed
from tests.domain.rig import Rig

HEAD = "0123456789abcdef" * 4


def unpadded(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def verify(public: str, text: str) -> str:
    line, _, signature = text.rpartition(".")
    Ed25519PublicKey.from_public_bytes(unpadded(public)).verify(unpadded(signature), line.encode())
    return line


def stored(delivery: Delivery, seq: int = 41) -> Written:
    event = DeliveryStored(delivery.id, delivery.proof or "", None)
    return Written(epoch=1, seq=seq, event=event, head=HEAD, at_ms=1_790_000_000_123, trusted=True)


@pytest.fixture
def key(tmp_path: Path) -> ReceiptKey:
    return ReceiptKey.load_or_create(tmp_path / "keys")


@pytest.fixture
def rig() -> Rig:
    return Rig().start()


def receipts_of(rig: Rig, key: ReceiptKey) -> SignedReceipts:
    return SignedReceipts(key, "k1", lambda: rig.state)


def test_proof_says_kiosk_place_time_and_carrier(rig: Rig, key: ReceiptKey) -> None:
    delivery, receipts = rig.deliver("412"), receipts_of(rig, key)
    receipts.take([stored(delivery)])
    text = receipts.proof_text(delivery.id)
    assert text is not None
    fields = verify(key.public, text).split(":")
    label = rig.state.place(delivery.compartment).label
    assert fields[:8] == ["LW1", "k1", "1", "41", label, "20260921T141320Z", "1", "swift"]
    assert len(fields[8]) == 8
    assert fields[9:] == ["01234567"]


def test_proof_does_not_name_the_unit(rig: Rig, key: ReceiptKey) -> None:
    first, second, receipts = rig.deliver("412"), rig.deliver("101"), receipts_of(rig, key)
    receipts.take([stored(first), stored(second)])
    texts = [receipts.proof_text(one.id) for one in (first, second)]
    assert all(text is not None and ":412:" not in text and ":101:" not in text for text in texts)
    marks = {text.split(":")[8] for text in texts if text}
    assert len(marks) == 2


def test_changed_proof_does_not_verify(rig: Rig, key: ReceiptKey) -> None:
    delivery, receipts = rig.deliver("412"), receipts_of(rig, key)
    receipts.take([stored(delivery)])
    text = receipts.proof_text(delivery.id)
    assert text is not None
    with pytest.raises(InvalidSignature):
        verify(key.public, text.replace(":swift:", ":post:"))


def test_session_proof_covers_every_parcel(rig: Rig, key: ReceiptKey) -> None:
    first, second, receipts = rig.deliver("412"), rig.deliver("101"), receipts_of(rig, key)
    receipts.take([stored(first, 41), stored(second, 58)])
    both, one = receipts.session_text([first.id, second.id]), receipts.session_text([first.id])
    assert both is not None
    assert one is not None
    fields = verify(key.public, both).split(":")
    assert fields[:5] == ["LW1S", "k1", "1", "58", "2"]
    assert fields[7] != verify(key.public, one).split(":")[7]


def test_parcel_that_was_never_stored_has_no_proof(rig: Rig, key: ReceiptKey) -> None:
    receipts = receipts_of(rig, key)
    assert receipts.proof_text(DeliveryId("none")) is None
    assert receipts.session_text([DeliveryId("none")]) is None


def test_memory_of_proofs_is_bounded(rig: Rig, key: ReceiptKey) -> None:
    one = rig.deliver("412")
    many = [replace(one, id=DeliveryId(f"d{number}")) for number in range(KEPT + 1)]
    state = replace(rig.state, deliveries={delivery.id: delivery for delivery in many})
    receipts = SignedReceipts(key, "k1", lambda: state)
    receipts.take([stored(delivery, number) for number, delivery in enumerate(many, 1)])
    kept = [delivery.id for delivery in many if receipts.proof_text(delivery.id)]
    assert kept == [delivery.id for delivery in many[1:]]


def test_key_stays_the_same_and_is_the_owners_only(tmp_path: Path) -> None:
    first = ReceiptKey.load_or_create(tmp_path)
    assert ReceiptKey.load_or_create(tmp_path).public == first.public
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    with pytest.raises(SecretExposed, match=r"receipt\.key"):
        ReceiptKey.load_or_create(tmp_path)


def test_a_parcel_given_to_another_unit_is_proven_for_that_unit_under_the_same_characters(
    rig: Rig, key: ReceiptKey
) -> None:
    rig.sign_in_courier()
    delivery, receipts = rig.drop_off("101"), receipts_of(rig, key)
    receipts.take([stored(delivery)])
    before = receipts.proof_text(delivery.id)
    rig.do(i.WrongUnit())
    rig.do(i.ChooseUnit("412"))
    moved = rig.of_type(DeliveryReaddressed)[-1]
    receipts.take([replace(stored(delivery, seq=52), event=moved)])
    after = receipts.proof_text(delivery.id)
    assert before is not None
    assert after is not None
    assert verify(key.public, after).split(":")[8] != verify(key.public, before).split(":")[8]
    assert rig.state.deliveries[delivery.id].proof == delivery.proof

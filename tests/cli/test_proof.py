"""`kiosk proof` on a kiosk that has a past: the same answers with the daemon and without."""

import json

from kiosk.data_folder import DataFolder
from kiosk.receipts import ReceiptKey
from tests.app.processes import Kiosk
from tests.proofs.samples import CODE, KEY, texts


def signed(kiosk: Kiosk) -> str:
    """A proof under the key of this kiosk, as its screen would have shown it."""
    return texts(ReceiptKey.load(DataFolder(kiosk.folder).keys)).first


def test_a_proof_is_checked_under_the_key_of_the_kiosk_here(used: Kiosk) -> None:
    text = signed(used)
    assert used.kiosk("proof", "verify", text).returncode == 0
    with used.daemon() as daemon:
        online = used.kiosk("proof", "verify", text)
        daemon.stop()
    assert (online.returncode, online.stdout[:26]) == (0, "valid: parcel of halvorn-e")
    changed = used.kiosk("proof", "verify", text.replace(":431:", ":432:"))
    assert (changed.returncode, changed.stdout[:11]) == (1, "not valid: ")
    foreign = used.kiosk("proof", "verify", texts(kiosk="garden").first)
    assert foreign.returncode == 1
    assert "garden" in foreign.stdout
    garbled = used.kiosk("proof", "verify", "LW1:nonsense")
    assert (garbled.returncode, garbled.stdout[:9]) == (65, "garbled: ")


def test_a_key_and_the_proofs_may_come_from_files(simulated: Kiosk) -> None:
    key, proofs = simulated.base / "key.json", simulated.base / "proofs.txt"
    key.write_text(json.dumps({"kiosk": "lobby", "public_key": KEY.public}), encoding="utf-8")
    found = texts()
    proofs.write_text(f"{found.first}\n\n{found.second}\r\n{found.visit}\n", encoding="utf-8")
    told = simulated.kiosk("proof", "verify", str(proofs), "--key", str(key), "--json")
    rows = json.loads(told.stdout)
    assert [row["verdict"] for row in rows] == ["valid"] * 3
    assert rows[2]["remarks"] == ["it covers the parcels given with it (2)"]
    bare = simulated.kiosk(
        "proof", "verify", found.first, "--key", KEY.public, "--unit", "412", "--code", CODE
    )
    assert f"it is for unit 412 with the code {CODE}" in bare.stdout
    assert simulated.kiosk("proof", "verify", found.first, "--unit", "412").returncode == 2
    assert simulated.kiosk("proof", "verify", "no-such-file", "--key", KEY.public).returncode == 74
    assert simulated.kiosk("proof", "verify", found.first, "--key", "nonsense").returncode == 65
    assert simulated.kiosk("proof", "verify", found.first).returncode == 74


def test_a_code_that_was_never_shown_is_told(used: Kiosk) -> None:
    asked = used.kiosk("proof", "show", "aaaaaa")
    assert asked.returncode == 1
    assert asked.stderr.endswith(
        "AAAAAA: no proof has this code; proofs are kept for 180 days, codes have no 0, O, 1 or I\n"
    )


def test_the_page_is_written_once_with_the_key_in_it(used: Kiosk) -> None:
    file = used.base / "check.html"
    assert used.kiosk("proof", "page", str(file)).returncode == 0
    public = json.loads(used.kiosk("version", "--json").stdout)["public_key"]
    assert f'name="public-key" content="{public}"' in file.read_text(encoding="utf-8")
    assert used.kiosk("proof", "page", str(file)).returncode == 74

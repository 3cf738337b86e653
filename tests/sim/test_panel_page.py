"""The panel in a real browser: what a technician sees and clicks."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from config.load import load
from config.settings import Settings
from sim.cabinet import DoorId
from sim.doors import Position
from tests.sim.panel_rig import ROOT, Rig, panel, sample_settings

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
MANY_DOORS = 120
PAINT_MS = 50.0


@asynccontextmanager
async def browser_page(rig: Rig) -> AsyncIterator[Page]:
    """The panel in Chromium; any error on the page or request to elsewhere fails the test."""
    wrong: list[str] = []
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await chromium.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.on(
            "request",
            lambda asked: None if rig.client.address in asked.url else wrong.append(asked.url),
        )
        await page.goto(f"http://{rig.client.address}/")
        yield page
        await chromium.close()
    assert not wrong


async def test_a_technician_opens_fills_and_shuts_a_door(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        await page.click("#door-c3")
        await page.click("#hand-pull")
        await expect(page.locator(".notice.bad")).to_contain_text("locked and does not give way")
        await page.click("#hand-key")
        await expect(page.locator("#door-c3.ajar")).to_have_count(1)
        await page.fill("#what", "two books")
        await page.keyboard.press("Enter")
        await expect(page.locator("#door .inside")).to_contain_text("two books")
        await page.click("#hand-push")
        await expect(page.locator("#door-c3.closed .carton")).to_have_count(1)
        door = rig.parts.live.do(lambda world: world.door(DoorId("c3")))
        assert (door.position, [parcel.what for parcel in door.parcels]) == (Position.CLOSED, ["two books"])


async def test_the_page_follows_what_others_do_and_keeps_what_is_being_typed(
    tmp_path: Path, free_port: int
) -> None:
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        await page.click("#door-c3")
        await page.click("#hand-key")
        await expect(page.locator("#what")).to_be_enabled()
        await page.locator("#what").press_sequentially("half a wo")
        await rig.client.order("pull", door="c3")
        await expect(page.locator("#door-c3.open")).to_have_count(1)
        await page.keyboard.type("rd")
        await expect(page.locator("#what")).to_have_value("half a word")


async def test_the_page_works_by_keys_alone(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        await page.focus("#door-c5")
        await page.keyboard.press("Enter")
        await expect(page.locator("#door h2")).to_contain_text("Door 5")
        await page.focus("#hand-key")
        await page.keyboard.press("Enter")
        await expect(page.locator("#door-c5.ajar")).to_have_count(1)
        await expect(page.locator("#hand-push")).to_be_visible()


async def test_the_banner_stays_in_sight_and_nothing_can_hide_it(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        await page.set_viewport_size({"width": 1024, "height": 400})
        await page.mouse.wheel(0, 5000)
        await expect(page.locator(".banner")).to_be_in_viewport(ratio=1)
        assert await page.locator(".banner button, .banner a, .banner input").count() == 0


async def test_a_phone_shows_its_message_in_its_own_direction(tmp_path: Path, free_port: int) -> None:
    message = {
        "id": "m1",
        "to": "r1",
        "name": "ليلى حداد",
        "contact": "+1 555 0142",
        "language": "ar",
        "subject": "وصل طرد",
        "text": "الرمز: 9032 1184",
        "at": "2026-11-25T14:05:40Z",
    }
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        folder = tmp_path / "sim" / "phones"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "m1.json").write_text(json.dumps(message), encoding="utf-8")
        text = page.locator(".phone [dir=rtl]")
        await expect(text).to_contain_text("9032 1184")
        assert await text.evaluate("one => getComputedStyle(one).direction") == "rtl"


async def test_the_page_says_when_the_world_is_gone(tmp_path: Path, free_port: int) -> None:
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await chromium.new_page()
        async with panel(tmp_path, free_port) as rig:
            await page.goto(f"http://{rig.client.address}/")
            await expect(page.locator("#gone")).to_be_hidden()
        await expect(page.locator("#gone")).to_be_visible()
        await chromium.close()


def many_doors(base: Path) -> Path:
    """The sample settings with 120 doors on three boards."""
    sample = sample_settings(base)
    text = (ROOT / "config" / "sim.toml").read_text(encoding="utf-8")
    head = text[: text.index("[[compartment]]")]
    head = head.replace("[supply.main]", _bank("c", 2) + "\n[supply.main]", 1)
    sizes = [place.size.value for place in sample.compartment]
    doors = [_door(number, sizes[number % len(sizes)]) for number in range(MANY_DOORS)]
    config = base / "many.toml"
    config.write_text("\n".join([head, *doors]), encoding="utf-8")
    return config


def _bank(name: str, address: int) -> str:
    lines = (f'id = "{name}"', 'driver = "kerong"', 'port = "sim/lockers"', f"address = {address}")
    return "\n".join(["[[bank]]", *lines, ""])


def _door(number: int, size: str) -> str:
    column, row = number // 8 + 1, number % 8 + 3
    lines = (
        f'id = "c{number}"',
        f'label = "{number}"',
        f'bank = "{"abc"[number // 48]}"',
        f"channel = {number % 48 + 1}",
        f"column = {column}",
        f"row = {row}",
        f'size = "{size}"',
        "opening_height_mm = 900",
    )
    return "\n".join(["[[compartment]]", *lines, ""])


async def test_a_hundred_and_twenty_doors_are_painted_in_fifty_milliseconds(
    tmp_path: Path, free_port: int
) -> None:
    settings = load(many_doors(tmp_path), tmp_path)
    async with panel(tmp_path, free_port, settings) as rig, browser_page(rig) as page:
        await expect(page.locator("a.door")).to_have_count(MANY_DOORS)
        times = []
        for number in range(10):
            await rig.client.order("key", door=f"c{number}")
            await expect(page.locator(f"#door-c{number}.ajar")).to_have_count(1)
            times.append(await page.evaluate(PAINT))
            await asyncio.sleep(0)
    assert min(times) <= PAINT_MS, times


PAINT = """async () => {
  const parts = await (await fetch('/state')).json();
  const start = performance.now();
  document.getElementById('cabinet').innerHTML = parts.cabinet;
  document.getElementById('cabinet').getBoundingClientRect();
  return performance.now() - start;
}"""


async def test_a_technician_makes_the_clock_jump_and_cuts_off_phones_and_servers(
    tmp_path: Path, free_port: int, new_port: Callable[[], int]
) -> None:
    settings = with_servers(tmp_path, new_port(), new_port())
    servers = {name: ("127.0.0.1", new_port()) for name in ("broker", "mail")}
    clock = tmp_path / "sim" / "clock"
    async with panel(tmp_path, free_port, settings, servers=servers) as rig, browser_page(rig) as page:
        await page.click("#clock-back")
        await expect(page.locator("#state")).to_contain_text("clock 14 days back")
        assert int(clock.read_text()) == -14 * 86_400_000
        await page.click("#phones-far")
        await expect(page.locator("#phones-far")).to_have_attribute("aria-pressed", "true")
        for server, button in (("broker", "away"), ("mail", "silent")):
            await page.click(f"#{server}-{button}")
            await expect(page.locator(f"#{server}-{button}")).to_have_attribute("aria-pressed", "true")
            assert rig.parts.around.relays[server].passage == button
        await expect(page.locator("#around")).to_contain_text("nobody supervises the daemon here")
        await page.click("#mend-all")
        await expect(page.locator("#clock-right")).to_have_attribute("aria-pressed", "true")
        await expect(page.locator("#phones-near")).to_have_attribute("aria-pressed", "true")
        assert {relay.passage for relay in rig.parts.around.relays.values()} == {"open"}
        assert int(clock.read_text()) == 0


async def test_what_cannot_be_switched_says_why(tmp_path: Path, free_port: int) -> None:
    async with panel(tmp_path, free_port) as rig, browser_page(rig) as page:
        await expect(page.locator("#broker-none")).to_have_text("MQTT broker: the settings have no [broker].")
        await expect(page.locator("#mail-none")).to_contain_text("the settings have no [mail]")
        answer = await rig.client.order("server", server="broker", passage="away")
        assert (answer.status, answer.json["error"]) == (409, "the settings have no [broker]")
        answer = await rig.client.order("disk", full=True)
        assert answer.status == 409


def with_servers(base: Path, broker: int, mail: int) -> Settings:
    """The sample settings with a broker and a mail server on this machine."""
    text = (ROOT / "config" / "sim.toml").read_text(encoding="utf-8")
    lines = ["[broker]", 'host = "127.0.0.1"', f"port = {broker}", "tls = false"]
    lines += ["[mail]", 'host = "127.0.0.1"', f"port = {mail}", 'security = "none"', 'sender = "a@b.test"']
    config = base / "servers.toml"
    config.write_text("\n".join([text, *lines, ""]), encoding="utf-8")
    return load(config, base)

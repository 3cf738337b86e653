// The touchscreen's page: buttons post, the screen follows, the clock goes on.

import { act, fit, part, pause, refresh, root } from "./stage.js"
import { beating } from "./beat.js"
import * as keypad from "./keypad.js"
import { follow } from "./live.js"
import * as look from "./look.js"
import * as sound from "./sound.js"

function submit(event) {
  event.preventDefault()
  const { name, value } = event.submitter ?? {}
  if (name === "action") act({ action: value })
}

async function tick() {
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone })
  for (;;) {
    const clock = part()?.querySelector(".clock")
    if (clock) clock.textContent = format.format(new Date())
    await pause(60000 - (Date.now() % 60000))
  }
}

addEventListener("submit", submit)
addEventListener("contextmenu", (event) => event.preventDefault())
addEventListener("dragstart", (event) => event.preventDefault())
addEventListener("resize", fit)
keypad.listen()
look.listen()
sound.listen()
fit()
refresh().catch(() => {})
follow()
beating()
tick()

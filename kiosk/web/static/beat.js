// Tells the kiosk every five seconds that this page lives, and notices when the kiosk does not.

import { away, follow } from "./live.js"

const EVERY_MS = 5000
let missed = 0

async function beat() {
  try {
    const answer = await fetch("/beat", { method: "POST", body: new URLSearchParams(), signal: AbortSignal.timeout(4000) })
    if (!answer.ok) throw new Error(`the kiosk answered ${answer.status}`)
    if (missed > 1) follow()
    missed = 0
  } catch {
    if (++missed > 1) away()
  }
}

export const beating = () => setInterval(beat, EVERY_MS)

// Two short tones each time a door that was left open is called out.

import { part } from "./stage.js"

let heard = 0

function tones() {
  const context = new AudioContext()
  const gain = new GainNode(context, { gain: 0.2 })
  gain.connect(context.destination)
  for (const start of [0, 0.4]) {
    const tone = new OscillatorNode(context, { frequency: 880 })
    tone.connect(gain)
    tone.start(context.currentTime + start)
    tone.stop(context.currentTime + start + 0.2)
  }
  setTimeout(() => context.close(), 1500)
}

export function listen() {
  addEventListener("shown", () => {
    const calls = Number(part().querySelector("[data-calls]")?.dataset.calls ?? 0)
    if (calls > heard) tones()
    heard = calls
  })
}

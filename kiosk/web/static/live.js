// Follows the kiosk: fetches the screen when there is something newer, and says so while it is away.

import { newer, pause, pleaseWait, tab, wait } from "./stage.js"

const LONGEST_MS = 5000
let stream = null
let lost = 0

function found() {
  clearTimeout(lost)
  lost = 0
  wait("")
}

export function away() {
  lost ||= setTimeout(pleaseWait, 1500)
}

export async function follow(after = 250) {
  stream?.close()
  const mine = (stream = new EventSource(`/live?tab=${tab}`))
  mine.onmessage = (event) => {
    const { rev, boot } = JSON.parse(event.data)
    newer(rev, boot).then(found, away)
    after = 250
  }
  mine.onerror = async () => {
    mine.close()
    away()
    await pause(after)
    if (mine === stream) follow(Math.min(after * 2, LONGEST_MS))
  }
}

// The one place that changes the page: fetches the main part, posts touches, swaps, moves the focus.

export const root = document.documentElement
const stage = document.getElementById("stage")
const say = document.getElementById("say")
const veil = document.getElementById("wait")

// A tab keeps its name through a reload; another tab of the same browser has its own.
export const tab = (sessionStorage.tab ??= crypto.getRandomValues(new Uint32Array(3)).join("-"))
export const shown = { rev: 0, boot: "", kind: "" }

let newest = 0
let busy = false
let fingers = 0
let turn = Promise.resolve()

export const part = () => document.getElementById("screen")
const said = (name) => part()?.dataset[name] ?? ""

export function wait(text) {
  veil.hidden = !text
  if (text) veil.firstElementChild.textContent = text
}

export const pleaseWait = () => wait(said("wait"))

addEventListener("pointerdown", () => fingers++, true)
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (fingers = 0), true)

// A page that is swapped under a finger loses the touch: let it finish first.
async function fingersUp() {
  for (let tries = 0; fingers && tries < 20; tries++) await pause(50)
  await pause(0)
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms))

function note() {
  const { rev, boot, kind, version } = part().dataset
  const before = shown.kind
  if (shown.version && shown.version !== version) location.reload()
  Object.assign(shown, { rev: Number(rev), boot, kind, version })
  root.lang = part().lang
  root.dir = part().dir
  return before
}

function tokens(fresh) {
  const token = fresh.querySelector("input[name=token]").value
  for (const input of stage.querySelectorAll("input[name=token]")) input.value = token
  Object.assign(part().dataset, { rev: fresh.dataset.rev, boot: fresh.dataset.boot })
  note()
}

async function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("screen")
  if (!fresh) throw new Error("no screen in the answer")
  if (fresh.dataset.etag === part().dataset.etag) return tokens(fresh)
  await fingersUp()
  const held = document.activeElement?.closest?.("button")?.value
  stage.replaceChildren(document.adoptNode(fresh))
  const before = note()
  fit()
  focus(before, held)
  say.textContent = part().querySelector(".notice")?.textContent ?? ""
  dispatchEvent(new CustomEvent("shown", { detail: { before } }))
}

const isTooSmall = (one) => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2

// A page that does not fit (long words, large text, a small panel) is made denser, in two steps.
export function fit() {
  const main = part().querySelector("main")
  const blocks = [main, ...main.querySelectorAll(":scope > :not(.unseen)")]
  for (const dense of ["", "1", "2"]) {
    if (dense) part().dataset.dense = dense
    else delete part().dataset.dense
    if (!blocks.some(isTooSmall)) return
  }
}

function focus(before, held) {
  const dialog = part().querySelector("[role=alertdialog] button")
  const same = held && [...part().querySelectorAll("button")].find((button) => button.value === held)
  const target = dialog ?? (before === shown.kind ? same : part().querySelector("h1"))
  target?.focus({ preventScroll: true })
}

const headers = () => ({ "Kiosk-Tab": tab })

export async function refresh() {
  const known = { "If-None-Match": `"${part().dataset.etag}"` }
  const answer = await fetch("/screen", { headers: { ...headers(), ...known }, signal: AbortSignal.timeout(8000) })
  if (answer.status === 304) shown.rev = Math.max(shown.rev, Number(answer.headers.get("kiosk-rev")))
  else if (answer.ok) await show(await answer.text())
  else throw new Error(`the kiosk answered ${answer.status}`)
}

// There is something newer: fetch it, but not while a touch is on its way, whose answer is newer still.
export async function newer(rev, boot) {
  newest = rev
  if (busy || (boot === shown.boot && rev <= shown.rev)) return
  await refresh()
}

async function post(fields) {
  const token = part().querySelector("input[name=token]").value
  const body = new URLSearchParams({ token, ...fields })
  const answer = await fetch("/act", { method: "POST", body, headers: headers(), signal: AbortSignal.timeout(20000) })
  if (answer.status === 429) return tooFast()
  if (!answer.ok) throw new Error(`the kiosk answered ${answer.status}`)
  await show(await answer.text())
}

async function tooFast() {
  wait(said("fast"))
  await pause(1200)
  wait("")
  await refresh()
}

function send(fields) {
  turn = turn.then(() => post(fields)).catch(async () => {
    pleaseWait()
    await pause(1000)
    await refresh().then(() => wait(""), () => {})
  })
  return turn
}

// One touch at a time: a second one while the first is on its way is the same finger.
export async function act(fields) {
  if (busy) return
  busy = true
  root.classList.add("busy")
  await send(fields)
  busy = false
  root.classList.remove("busy")
  if (newest > shown.rev) await refresh().catch(() => {})
}

// Somebody is typing: the kiosk would not know.
export const stay = () => (busy ? turn : send({ action: "stay" }))

note()

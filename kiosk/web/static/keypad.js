// The keypad. What is typed lives here only, never in the page, and is forgotten when it is sent.

import { act, part, shown, stay } from "./stage.js"

const REPEAT_MS = 120
const STAY_MS = 10000
const LONGEST = 20

let fields = []
let at = 0
let last = { key: "", ms: 0 }
let stayed = 0
let touches = []

const find = (name) => part().querySelector(`[data-field="${name}"]`)
const labels = () => JSON.parse(document.getElementById("labels")?.dataset.labels ?? "[]")

export function reset() {
  const keys = part()?.querySelector("[data-fields]")
  fields = keys ? JSON.parse(keys.dataset.fields).map((field) => ({ ...field, typed: "" })) : []
  at = 0
  draw()
}

export function draw() {
  fields.forEach(({ name, typed }) => {
    const shape = find(name)
    if (!shape) return
    if (!shape.classList.contains("slots")) return void (shape.textContent = typed)
    shape.querySelectorAll("i").forEach((slot, index) => slot.classList.toggle("full", index < typed.length))
    shape.setAttribute("aria-label", shape.dataset.said.replace("#", typed.length))
  })
  part()?.querySelectorAll(".field").forEach((field, index) => field.classList.toggle("at", index === at))
  hint()
}

function hint() {
  const line = part()?.querySelector(".hint")
  const typed = fields[at]?.typed
  if (line) line.textContent = typed && !begins(typed).length ? line.dataset.none : ""
}

const begins = (typed) => labels().filter((label) => label.startsWith(typed))

function send() {
  const values = Object.fromEntries(fields.map(({ name, typed }) => [name, typed]))
  const action = document.querySelector("#entry [name=action]").value
  reset()
  act({ action, ...values })
}

function enter() {
  if (fields.length > at + 1) {
    at++
    return draw()
  }
  if (fields.every(({ typed, digits }) => typed && (!digits || typed.length === digits))) send()
}

function add(sign) {
  const field = fields[at]
  if (field.typed.length >= (field.digits ?? field.signs ?? LONGEST) || (field.digits && !/[0-9]/.test(sign))) return
  field.typed += sign
  draw()
  if (field.typed.length === (field.digits ?? field.signs)) enter()
  else if (field.labels && isWhole(field.typed)) send()
}

// A unit enters itself when no other unit begins with these keys.
const isWhole = (typed) => begins(typed).length === 1 && begins(typed)[0] === typed

function press(key) {
  if (!fields.length) return
  if (key === "clear") fields[at].typed = ""
  else if (key === "delete") erase()
  else if (key === "enter") return enter()
  else return add(key)
  draw()
}

function erase() {
  if (!fields[at].typed && at) at--
  fields[at].typed = fields[at].typed.slice(0, -1)
}

function touch(event) {
  const button = event.target.closest?.("[data-key], .field")
  if (!button || !part().contains(button) || button.closest("[inert]")) return
  if (isRain(event)) return
  event.preventDefault()
  button.setPointerCapture?.(event.pointerId)
  if (button.dataset.at) return choose(button)
  const { key } = button.dataset
  const isRepeat = last.key === key && event.timeStamp - last.ms < REPEAT_MS
  last = { key, ms: event.timeStamp }
  if (isRepeat) return
  awake(event.timeStamp)
  press(key)
}

function choose(field) {
  at = Number(field.dataset.at)
  draw()
}

// Rain and wiping: several fingers and more than eight touches a second clear the field, uncounted.
function isRain({ timeStamp, isPrimary }) {
  touches = [...touches.filter(({ ms }) => timeStamp - ms < 1000), { ms: timeStamp, isPrimary }]
  if (isPrimary) return false
  if (touches.length > 8 && fields.length) {
    fields[at].typed = ""
    draw()
  }
  return true
}

function awake(now) {
  if (now - stayed < STAY_MS) return
  stayed = now
  if (fields.some(({ typed }) => typed)) stay()
}

// A click without a finger is a keyboard or an assistive device.
function click(event) {
  const button = event.target.closest("[data-key], .field")
  if (!button || event.detail) return
  if (button.dataset.at) choose(button)
  else press(button.dataset.key)
}

function type(event) {
  if (!fields.length || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input")) return
  if (part().querySelector("[inert]")) return
  const key = { Backspace: "delete", Escape: "clear" }[event.key] ?? event.key
  if (key === "Enter" && !event.target.closest("button")) return press("enter")
  if (key === "delete" || key === "clear") return press(key)
  if (key.length === 1 && key !== " ") press(key.toUpperCase())
}

export function listen() {
  addEventListener("pointerdown", touch)
  addEventListener("click", click)
  addEventListener("keydown", type)
  // A page of the same kind that says nothing new is the same page: keep what was typed.
  addEventListener("shown", ({ detail }) => {
    const isSame = detail.before === shown.kind && !part().querySelector(".notice")
    if (isSame && fields.length) draw()
    else reset()
  })
  reset()
}

// Larger text and high contrast: one touch each, at once, and forgotten when the visit is over.

import { fit, part, refresh, root, shown } from "./stage.js"

const KEPT_S = 600
const IDLE_MS = 60000
let idle = 0

const has = (word) => (word === "large" ? root.dataset.text === "large" : root.dataset.theme === "contrast")

function wear(words) {
  root.toggleAttribute("data-text", words.includes("large"))
  root.toggleAttribute("data-theme", words.includes("contrast"))
  if (words.includes("large")) root.dataset.text = "large"
  if (words.includes("contrast")) root.dataset.theme = "contrast"
  document.cookie = `look=${words.join("-")}; path=/; samesite=strict; max-age=${words.length ? KEPT_S : 0}`
  mark()
  fit()
}

function mark() {
  part()?.querySelectorAll("[data-look]").forEach((button) => button.setAttribute("aria-pressed", has(button.dataset.look)))
}

function toggle(event) {
  const button = event.target.closest("[data-look]")
  if (!button) return
  event.preventDefault()
  wear(["contrast", "large"].filter((word) => has(word) !== (word === button.dataset.look)))
  later()
}

const plain = () => wear([])

function later() {
  clearTimeout(idle)
  if (shown.kind === "home" && (has("large") || has("contrast"))) idle = setTimeout(plain, IDLE_MS)
}

export function listen() {
  addEventListener("click", toggle)
  addEventListener("pointerdown", later)
  addEventListener("shown", ({ detail }) => {
    if (shown.kind === "home" && detail.before !== "home") plain()
    mark()
    later()
    passing()
  })
}

// A sentence for this page alone goes by itself.
let gone = 0
function passing() {
  clearTimeout(gone)
  if (part().querySelector("[data-passing]")) gone = setTimeout(() => refresh().catch(() => {}), 21000)
}

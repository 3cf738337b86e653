// Keeps the page up to date: a number arrives, the pieces are fetched, those that differ are replaced.
// Without this script every link and button still works, with a new page each time.
"use strict";

const form = document.getElementById("orders");
const shown = new Map();
let isFetching = false;
let isWanted = false;
let isPaused = false;

function replace(part, html) {
  if (shown.get(part) === html || (part === "wires" && isPaused)) return;
  shown.set(part, html);
  const place = document.getElementById(part);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = Array.from(place.querySelectorAll("input"), (input) => [input.id, input.value]);
  const scrolled = Array.from(place.querySelectorAll(".scroll"), (one) => [one.scrollLeft, one.scrollTop]);
  place.innerHTML = html;
  place.querySelectorAll(".scroll").forEach((one, index) => {
    if (scrolled[index]) [one.scrollLeft, one.scrollTop] = scrolled[index];
  });
  for (const [id, value] of typed) {
    const input = document.getElementById(id);
    if (input) input.value = value;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  showPause();
}

function showPause() {
  const pause = document.querySelector("[data-pause]");
  pause.hidden = false;
  pause.setAttribute("aria-pressed", String(isPaused));
}

function showLost(isLost) {
  document.body.classList.toggle("lost", isLost);
  document.getElementById("gone").hidden = !isLost;
}

async function refresh() {
  isWanted = true;
  if (isFetching) return;
  isFetching = true;
  try {
    while (isWanted) {
      isWanted = false;
      const answer = await fetch(`/state${location.search}`);
      if (!answer.ok) throw new Error(`${answer.status}`);
      const parts = await answer.json();
      const start = performance.now();
      for (const [part, html] of Object.entries(parts)) replace(part, html);
      performance.measure("paint", { start, end: performance.now() });
    }
    showLost(false);
  } catch {
    showLost(true);
  } finally {
    isFetching = false;
  }
}

function look(address) {
  history.replaceState(null, "", address);
  form.elements.view.value = new URL(address, location.href).search.slice(1);
  return refresh();
}

async function order(button) {
  const fields = new FormData(form);
  fields.append("order", button.value);
  if (button.id === "hand-put") document.getElementById("what").value = "";
  try {
    const answer = await fetch("/world", { method: "POST", body: new URLSearchParams(fields) });
    if (answer.status === 403) location.reload();
  } catch {
    showLost(true);
    return;
  }
  await refresh();
}

document.addEventListener("click", (event) => {
  const pause = event.target.closest("[data-pause]");
  if (pause) {
    isPaused = !isPaused;
    showPause();
    if (!isPaused) refresh();
    return;
  }
  const link = event.target.closest("a.door, a.tab:not([download])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  isPaused = false;
  look(link.getAttribute("href"));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const isEnter = !event.submitter || event.submitter.id === "enter";
  const button = isEnter ? document.getElementById("hand-put") : event.submitter;
  if (button && !button.disabled) order(button);
});

const live = new EventSource("/live");
live.addEventListener("message", refresh);
live.addEventListener("error", () => showLost(true));
showPause();

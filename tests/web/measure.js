// What is wrong with the layout of a page: a list of sentences. Called with pixels per millimetre.
(mm) => {
  const FLOOR_MM = 12
  const MAIN_MM = 15
  const SCROLLS = ".tasks, .proofs section, .letters"
  const found = []
  const text = (one) => one.textContent.replace(/\s+/g, " ").trim().slice(0, 30)
  const name = (one) => `${one.tagName.toLowerCase()}.${one.getAttribute("class") ?? ""} "${text(one)}"`
  const isSeen = (one) =>
    one.checkVisibility() && !one.closest(".unseen, svg > *") && !one.matches("noscript, form")
  const seen = [...document.querySelectorAll("#screen *")].filter(isSeen)

  for (const one of seen) {
    const { left, top, right, bottom, width, height } = one.getBoundingClientRect()
    if (!width || !height) continue
    const scroller = one.closest(SCROLLS)
    if (!scroller && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1))
      found.push(`outside: ${name(one)} ${[left, top, right, bottom].map(Math.round)}`)
    const floor = one.matches(".go, .keypad button") ? MAIN_MM : FLOOR_MM
    if (one.matches("button") && Math.min(width, height) < floor * mm - 0.5)
      found.push(`small: ${name(one)} ${Math.round(width / mm)} x ${Math.round(height / mm)} mm`)
    if (one === scroller || getComputedStyle(one).display === "inline" || one.matches("svg, bdi, h1")) continue
    if (one.scrollWidth > one.clientWidth + 2 || one.scrollHeight > one.clientHeight + 3)
      found.push(
        `cut off: ${name(one)} ${one.scrollWidth}>${one.clientWidth} ${one.scrollHeight}>${one.clientHeight}`,
      )
  }

  const solid = seen.filter(
    (one) => one.matches("button, h1, p, .slots, svg.cabinet, figure") && !one.closest(".veil") && !one.closest(SCROLLS),
  )
  for (const [index, one] of solid.entries())
    for (const other of solid.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue
      const [p, q] = [one.getBoundingClientRect(), other.getBoundingClientRect()]
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left)
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)
      if (wide > 2 && high > 2) found.push(`overlap: ${name(one)} and ${name(other)}`)
    }
  return found
}

// What is wrong with the page at sight, for a screen of this many pixels.
width => {
  const flaws = []
  const found = selector => [...document.querySelectorAll(selector)]
  const named = (element, text) => {
    if (!text.trim()) flaws.push(`no name: ${element.outerHTML.slice(0, 120)}`)
  }
  const labels = field => [...field.labels].map(label => label.textContent).join(" ")

  found("input:not([type=hidden]), select, textarea").forEach(field => named(field, field.ariaLabel || labels(field)))
  found("a[href], button").forEach(control => named(control, control.ariaLabel || control.textContent || control.title))
  if (document.documentElement.lang !== "en") flaws.push("no language")
  if (!document.title.trim()) flaws.push("no title")
  if (found("h1").length !== 1) flaws.push(`${found("h1").length} main headings`)
  const wide = document.documentElement.scrollWidth
  if (wide > width) flaws.push(`${wide} pixels wide on a screen of ${width}`)
  return flaws
}

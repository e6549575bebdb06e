// A menu is a <details data-menu>: this closes it on Escape, on a click elsewhere and when another opens.
// A sheet (<details data-sheet>) covers the page on a phone: Escape closes it, too, and the page stays put.
const open = () => document.querySelectorAll("details[data-menu][open]");
const sheets = () => document.querySelectorAll("details[data-sheet][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.removeAttribute("open");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const menu of [...open(), ...sheets()]) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
// A strip of tabs wider than a phone begins where its current tab is seen.
for (const tab of document.querySelectorAll(".y-kinds [aria-current], .y-tabs [aria-current]")) {
  const strip = tab.parentElement;
  if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
}

// A menu is a <details data-menu>: this closes it on Escape, on a click elsewhere and when another opens.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.removeAttribute("open");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const menu of open()) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

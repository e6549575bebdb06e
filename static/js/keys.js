// Keyboard shortcuts: every element with data-key="l" or data-key="g a" answers to it.
// None while text is being composed, while a field has focus, or when the person switched them off.
const OFF = "yorisoi.keys.off";
const help = document.querySelector("[data-keys]");
let first = "";
let timer;

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], [role=textbox]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const currentRow = () => document.activeElement?.closest("[data-row]");

const step = (by) => {
  const all = rows();
  const next = all[Math.min(Math.max(all.indexOf(currentRow()) + by, 0), all.length - 1)];
  next?.querySelector("a, button")?.focus();
};
const builtIn = {
  j: () => step(1),
  k: () => step(-1),
  x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  e: () => currentRow()?.querySelector("[data-done]")?.click(),
  "?": () => help?.showModal(),
};

const answer = (keys) => {
  const wanted = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === keys);
  const target = wanted.find((one) => one.offsetParent !== null) ?? wanted[0];
  if (target) {
    if (target.matches("input")) target.focus();
    else target.click();
    return true;
  }
  if (builtIn[keys]) builtIn[keys]();
  return keys in builtIn;
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem(OFF) || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const keys = first ? `${first} ${key}` : key;
  clearTimeout(timer);
  if (!first && key === "g") {
    first = "g";
    timer = setTimeout(() => (first = ""), 1500);
    return;
  }
  first = "";
  if (answer(keys)) event.preventDefault();
});

if (help) {
  const list = help.querySelector("[data-keys-list]");
  const seen = new Set(["z"]);
  for (const one of [...document.querySelectorAll("[data-key]")].reverse()) {
    const keys = one.dataset.key;
    if (seen.has(keys)) continue;
    seen.add(keys);
    const term = document.createElement("dt");
    keys.split(" ").forEach((key, index) => {
      if (index) term.append(` ${list.dataset.then} `);
      const mark = document.createElement("span");
      mark.className = "y-kbd";
      mark.textContent = key.toUpperCase();
      term.append(mark);
    });
    const meaning = document.createElement("dd");
    const copy = one.cloneNode(true);
    for (const part of copy.querySelectorAll(".y-kbd, .y-count")) part.remove();
    meaning.textContent = one.getAttribute("aria-label") || copy.textContent.trim();
    list.prepend(term, meaning);
  }
  const toggle = help.querySelector("[data-keys-switch]");
  toggle.checked = !localStorage.getItem(OFF);
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
}
document.querySelector("[data-focus]")?.focus();

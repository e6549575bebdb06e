// The command palette (Ctrl/⌘ K): a combobox over accounts, people, pages and actions. The server
// finds them; while text is being composed the list follows, but Enter and arrows belong to the IME.
const OFF = "yorisoi.keys.off";
const WAIT_MS = 120;
const dialog = document.querySelector("[data-palette]");
const input = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const status = dialog?.querySelector("[role=status]");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
let timer;
let running;

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

const mark = (option) => {
  active()?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  } else input.removeAttribute("aria-activedescendant");
};

const show = (html) => {
  list.innerHTML = html;
  const found = options();
  mark(found[0]);
  status.textContent = found.length
    ? (found.length === 1 ? status.dataset.one : status.dataset.many).replace("{n}", found.length)
    : status.dataset.none;
};

const ask = async () => {
  running?.abort();
  running = new AbortController();
  const query = new URLSearchParams({ q: input.value, part: "options", here: dialog.dataset.account });
  try {
    const answer = await fetch(`${dialog.dataset.palette}?${query}`, { signal: running.signal });
    if (answer.redirected) location.reload();
    else if (answer.ok) show(await answer.text());
    else status.textContent = status.dataset.failed;
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = status.dataset.failed;
  }
};

const open = () => {
  if (document.querySelector("dialog[open]")) return;
  dialog.showModal();
  input.select();
  ask();
};

const follow = (option) => {
  if (!("inDialog" in option.dataset) || !window.htmx) return location.assign(option.href);
  dialog.close();
  return window.htmx.ajax("GET", option.href, "#dialogs");
};

const steps = {
  ArrowDown: (all, place) => all[(place + 1) % all.length],
  ArrowUp: (all, place) => all.at(place - 1),
  PageDown: (all, place) => all[Math.min(place + 8, all.length - 1)],
  PageUp: (all, place) => all[Math.max(place - 8, 0)],
};

const onKey = (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key in steps) {
    event.preventDefault();
    const all = options();
    if (all.length) mark(steps[event.key](all, all.indexOf(active())));
  } else if (event.key === "Enter" && active()) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(active().href, "_blank", "noopener");
    else follow(active());
  }
};

if (dialog) {
  input.addEventListener("keydown", onKey);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(option);
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active()) mark(option);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.shiftKey || localStorage.getItem(OFF)) return;
    if (event.key.toLowerCase() !== "k" || (isMac ? !event.metaKey : !event.ctrlKey)) return;
    event.preventDefault();
    open();
  });
  for (const button of document.querySelectorAll("[data-palette-open]")) {
    button.hidden = false;
    button.querySelector("[data-palette-keys]").textContent = isMac ? "⌘ K" : "Ctrl K";
    button.addEventListener("click", open);
  }
}

// Names of colleagues behind "@" in a text field; without scripts one types the name.
const BEHIND_MARK = /(^|[^a-z0-9_])[@＠]([^\s@＠]{0,40})$/i;
let open = null;

function close() {
  open?.list.remove();
  open?.field.removeAttribute("aria-activedescendant");
  open?.field.removeAttribute("aria-controls");
  open = null;
}

function choose(name) {
  const { field, typed } = open;
  const at = field.selectionStart;
  const before = field.value.slice(0, at - typed.length);
  field.setRangeText(`${name} `, before.length, at, "end");
  close();
  field.focus();
}

function mark(place) {
  const options = [...open.list.children];
  open.place = (place + options.length) % options.length;
  options.forEach((option, n) => option.setAttribute("aria-selected", String(n === open.place)));
  open.field.setAttribute("aria-activedescendant", options[open.place].id);
}

function show(field, typed, names) {
  close();
  if (!names.length) return;
  const list = document.createElement("ul");
  list.className = "y-mentions";
  list.id = `${field.id}-names`;
  list.setAttribute("role", "listbox");
  names.forEach((name, n) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${n}`;
    option.textContent = name;
    option.setAttribute("role", "option");
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(name);
    });
    list.append(option);
  });
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  open = { field, list, typed, place: 0 };
  mark(0);
}

let asked = 0;
document.addEventListener("input", async (event) => {
  const field = event.target;
  if (!field.dataset?.mentions) return;
  const found = BEHIND_MARK.exec(field.value.slice(0, field.selectionStart));
  const number = ++asked;
  if (!found) return close();
  const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(found[2])}`);
  if (!answer.ok || number !== asked) return;
  show(field, found[2], (await answer.json()).names);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!open || event.target !== open.field || event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) mark(open.place + moves[event.key]);
    else if (event.key === "Enter" || event.key === "Tab")
      choose(open.list.children[open.place].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("focusout", close);

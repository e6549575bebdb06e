// The editor of a scorecard: sums of weights, shares of the score and curves follow what is typed.
// Everything is counted again by the server; without scripts the buttons of the form do the same.
const WIDTH = 240;
const HEIGHT = 96;
const EDGE = 4;
const MARGIN = 0.12;
const form = document.querySelector("[data-studio]");

const numberOf = (text) => {
  const plain = text.normalize("NFKC").trim().replaceAll(",", "").replace("−", "-").replace(/%$/, "");
  return plain === "" ? NaN : Number(plain);
};

const write = (value) => (Number.isFinite(value) ? String(Math.round(value * 10) / 10) : "–");

const sumOf = (level) =>
  [...form.querySelectorAll(`[data-weight="${level}"]`)].reduce((sum, one) => sum + numberOf(one.value), 0);

const addUp = () => {
  for (const line of form.querySelectorAll("[data-level]")) {
    const sum = sumOf(line.dataset.level);
    line.querySelector("[data-sum]").textContent = write(sum);
    line.classList.toggle("y-studio__sum--off", !(Math.abs(sum - 100) <= 0.05));
  }
  const total = sumOf("dimensions");
  for (const branch of form.querySelectorAll("[data-dimension]")) {
    const outer = numberOf(branch.querySelector('[data-weight="dimensions"]').value);
    const inside = sumOf(branch.querySelector("[data-level]").dataset.level);
    for (const share of branch.querySelectorAll("[data-share]")) {
      const inner = numberOf(share.closest(".y-studio__leaf").querySelector("[data-weight]").value);
      share.textContent = share.dataset.share.replace("SHARE", `${write((100 * outer * inner) / total / inside)}%`);
    }
  }
};

const knotsOf = (box) => {
  const read = (name) => [...box.querySelectorAll(`[data-${name}]`)].map((one) => numberOf(one.value));
  const way = box.dataset.way;
  if (way === "target") {
    const target = numberOf(box.querySelector(".y-studio__target input").value);
    return target > 0 ? [[0, 0], [target, 100]] : [];
  }
  const xs = read("x");
  const us = read("u");
  const scale = way === "log" ? numberOf(box.querySelector(".y-studio__scale input").value) : 0;
  const knots = xs.map((x, n) => [way === "log" ? Math.log(1 + x / scale) : x, us[n]]);
  const sound = knots.every(([x, u]) => Number.isFinite(x) && u >= 0 && u <= 100);
  if (way === "map") return sound ? knots.sort((a, b) => a[0] - b[0]) : [];
  return sound && knots.every(([x], n) => n === 0 || x > knots[n - 1][0]) ? knots : [];
};

const draw = (box) => {
  const knots = knotsOf(box);
  const pad = knots.length ? (knots.at(-1)[0] - knots[0][0] || 1) * MARGIN : 0;
  const left = knots.length ? knots[0][0] - pad : 0;
  const right = knots.length ? knots.at(-1)[0] + pad : 1;
  const dots = knots.map(([x, u]) => [
    EDGE + ((x - left) / (right - left)) * (WIDTH - 2 * EDGE),
    HEIGHT - EDGE - (u / 100) * (HEIGHT - 2 * EDGE),
  ]);
  for (const picture of box.closest("details").querySelectorAll(".y-curve")) {
    picture.querySelectorAll("polyline, circle").forEach((one) => one.remove());
    const put = (name, attributes) => {
      const mark = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) mark.setAttribute(key, value);
      picture.append(mark);
    };
    if (dots.length && box.dataset.way !== "map") {
      const ends = [[EDGE, dots[0][1]], ...dots, [WIDTH - EDGE, dots.at(-1)[1]]];
      put("polyline", { points: ends.map((one) => one.map((part) => part.toFixed(1)).join(",")).join(" ") });
    }
    for (const [cx, cy] of dots) put("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 3 });
  }
};

// What a link of the tree or of the list of faults leads to is opened around it.
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target?.scrollIntoView({ block: "nearest" });
};

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.dataset.weight) addUp();
    const box = event.target.closest("[data-curve]");
    if (box) draw(box);
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#"]')) setTimeout(reveal);
  });
  // A row button brings the form anew; what was open stays open.
  let open = [];
  document.body.addEventListener("htmx:beforeSwap", () => {
    open = [...form.querySelectorAll("details[id][open]")].map((one) => one.id);
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    addUp();
  });
  addUp();
  reveal();
}

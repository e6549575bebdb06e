// Draws the stakeholder map from its table, which says all of it, and moves through time.
// The library is loaded only where there is something to draw.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const DAY = 86400000;
const MARGIN = 14;
const FONT = 12;
const TEXT = 124;
const MOST = 640;
// From here on the person stands beside the map, and nothing needs to scroll.
const WIDE = 1200;
let graph = null;

// A box is as high as its words: they wrap where they would not fit, and keep their size.
const pen = document.createElement("canvas").getContext("2d");
const heightOf = (label) => {
  pen.font = `${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  const rows = label.split("\n").map((line) => Math.ceil((pen.measureText(line).width * 1.1) / TEXT));
  return Math.max(56, rows.reduce((sum, n) => sum + Math.max(1, n), 0) * FONT * 1.3 + 14);
};

// Words stay whole where each of them fits; Japanese titles without spaces break anywhere.
const wrapOf = (label) => {
  pen.font = `${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  const fits = label.split(/\s/).every((word) => pen.measureText(word).width * 1.1 <= TEXT);
  return fits ? "whitespace" : "anywhere";
};

const elements = (table) => {
  const found = [];
  const people = [...table.querySelectorAll("[data-map-person]")];
  for (const row of people) {
    const { mapPerson: id, label, look } = row.dataset;
    found.push({ data: { id, label, height: heightOf(label), wrap: wrapOf(label) }, classes: look });
  }
  for (const row of table.querySelectorAll("[data-map-empty]")) {
    const { mapEmpty: id, label, boss } = row.dataset;
    found.push({ data: { id, label, height: heightOf(label), wrap: wrapOf(label) }, classes: "empty" });
    if (boss) found.push({ data: { source: boss, target: id }, classes: "reports_to missing" });
  }
  const drawn = new Set(people.map((row) => row.dataset.mapPerson));
  for (const row of people) {
    for (const line of row.querySelectorAll("[data-map-line]")) {
      const { mapLine: kind, to } = line.dataset;
      if (!drawn.has(to)) continue;
      const from = row.dataset.mapPerson;
      const gone = row.dataset.look === "gone" ? " missing" : "";
      const [source, target] = kind === "reports_to" ? [to, from] : [from, to];
      found.push({ data: { source, target }, classes: kind + gone });
    }
  }
  return found;
};

// In a place narrower than this the ranks stand beside each other.
const NARROW = 520;

const style = (isNarrow) => {
  const font = getComputedStyle(document.body).fontFamily;
  const line = css("--y-ink-2");
  return [
    { selector: "node", style: { shape: "round-rectangle", width: TEXT + 8, height: "data(height)", "background-color": css("--y-surface"), "border-width": 1, "border-color": css("--y-line-strong"), label: "data(label)", "text-wrap": "wrap", "text-max-width": TEXT, "text-overflow-wrap": "data(wrap)", "text-valign": "center", "text-halign": "center", "font-size": FONT, "line-height": 1.3, "font-family": font, color: css("--y-ink") } },
    { selector: "node.key", style: { "background-color": css("--y-accent-soft"), "border-color": css("--y-accent"), "border-width": 1.5 } },
    { selector: "node.live", style: { "border-width": 3, "border-color": css("--y-ink") } },
    { selector: "node.key.live", style: { "border-color": css("--y-accent") } },
    { selector: "node.gone", style: { "border-style": "dashed", color: css("--y-ink-2"), "background-color": css("--y-sunken") } },
    { selector: "node.empty", style: { "border-style": "dashed", "border-width": 2, "border-color": css("--y-risk"), "background-color": css("--y-risk-soft") } },
    { selector: "node.chosen", style: { "underlay-color": css("--y-focus"), "underlay-opacity": 0.35, "underlay-padding": 5 } },
    { selector: "edge", style: { width: 1.25, "line-color": line, "target-arrow-color": line, "font-family": font } },
    { selector: "edge.reports_to", style: { "curve-style": "taxi", "taxi-direction": isNarrow ? "rightward" : "downward" } },
    { selector: "edge.influences", style: { "curve-style": "bezier", "control-point-step-size": 60, "target-arrow-shape": "triangle" } },
    { selector: "edge.conflicts", style: { "curve-style": "bezier", "control-point-step-size": 60, "line-style": "dotted", width: 2, label: "✕", "font-size": 16, color: css("--y-critical-text"), "text-background-color": css("--y-surface"), "text-background-opacity": 1 } },
    { selector: "edge.missing", style: { "line-style": "dashed" } },
  ];
};

const choose = (id) => {
  graph?.nodes().removeClass("chosen");
  graph?.getElementById(id).addClass("chosen");
};

// Ranks below each other or, in a narrow place or with many in a rank, beside each other.
const arrange = (isNarrow) => {
  graph.style(style(isNarrow));
  graph.elements("node, edge.reports_to").layout({ name: "dagre", rankDir: isNarrow ? "LR" : "TB", nodeSep: 18, rankSep: isNarrow ? 24 : 36, fit: false, animate: false }).run();
  return graph.elements().boundingBox();
};

// The library would insert a style element, which the policy of our pages refuses: it finds one there,
// and its only rule stands in our own style sheet.
const LIBRARY_STYLE = "__________cytoscape_stylesheet";
const takeStyleSheet = () => {
  if (document.getElementById(LIBRARY_STYLE)) return;
  const taken = document.createElement("template");
  taken.id = LIBRARY_STYLE;
  document.head.append(taken);
};

const draw = async () => {
  graph?.destroy();
  graph = null;
  const place = document.querySelector("[data-map]");
  if (!place) return;
  const table = document.getElementById(place.dataset.mapTable);
  const [{ default: cytoscape }, { default: dagre }] = await Promise.all([
    import(place.dataset.cytoscape),
    import(place.dataset.dagre),
  ]);
  cytoscape.use(dagre);
  takeStyleSheet();
  place.hidden = false;
  for (const legend of document.querySelectorAll("[data-map-legend]")) legend.hidden = false;
  const sheet = document.createElement("div");
  place.replaceChildren(sheet);
  graph = cytoscape({ container: sheet, elements: elements(table), userZoomingEnabled: false, userPanningEnabled: false, boxSelectionEnabled: false, autoungrabify: true });
  if (place.clientWidth < NARROW || arrange(false).w > place.clientWidth - 2 * MARGIN) arrange(true);
  // Words are never drawn smaller than they are: what has no room is scrolled to.
  const box = graph.elements().boundingBox();
  const zoom = Math.max(1, Math.min(1.1, (place.clientWidth - 2 * MARGIN) / box.w));
  const width = Math.max(place.clientWidth, Math.ceil(box.w * zoom) + 2 * MARGIN);
  const height = Math.ceil(box.h * zoom) + 2 * MARGIN;
  sheet.style.width = `${width}px`;
  sheet.style.height = `${height}px`;
  place.style.height = `${Math.min(height, MOST)}px`;
  place.toggleAttribute("tabindex", false);
  if (width > place.clientWidth || height > MOST) place.tabIndex = 0;
  graph.resize();
  graph.viewport({ zoom, pan: { x: (width - box.w * zoom) / 2 - box.x1 * zoom, y: MARGIN - box.y1 * zoom } });
  for (const canvas of place.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
  graph.on("tap", "node", (event) => {
    const id = event.target.id();
    const row = table.querySelector(`[data-map-person="${id}"], [data-map-empty="${id}"]`);
    row?.querySelector("th a")?.click();
  });
};

// Names of the table open the person beside it: the place on the map, ready to be changed.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-map-person]");
  if (row && event.target.closest("a")) choose(row.dataset.mapPerson);
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-map-person]");
  if (row) choose(row.dataset.mapPerson);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "map-person" && innerWidth < WIDE) event.target.scrollIntoView();
  if (event.target.id === "map-page") start();
});

const slide = () => {
  const form = document.querySelector("[data-asof]");
  const range = form?.querySelector("[data-asof-range]");
  const day = form?.querySelector("[name=at]");
  if (!range) return;
  const first = Date.parse(day.min);
  range.min = 0;
  range.max = Math.round((Date.parse(day.max) - first) / DAY);
  range.value = Math.round((Date.parse(day.value) - first) / DAY);
  range.hidden = false;
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
  const tell = () => {
    const shown = new Date(first + range.value * DAY);
    day.value = shown.toISOString().slice(0, 10);
    range.setAttribute("aria-valuetext", words.format(shown));
  };
  tell();
  range.addEventListener("input", tell);
  range.addEventListener("change", () => form.requestSubmit());
};

const start = () => {
  slide();
  draw();
};

start();
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });

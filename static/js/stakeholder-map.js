// Draws the stakeholder map from its table, which says all of it, and moves through time.
// The library is loaded only where there is something to draw.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const DAY = 86400000;
const MARGIN = 14;
const MOST = 640;
// From here on the person stands beside the map, and nothing needs to scroll.
const WIDE = 1200;
let graph = null;

const elements = (table) => {
  const found = [];
  const people = [...table.querySelectorAll("[data-map-person]")];
  for (const row of people) {
    const { mapPerson: id, label, look } = row.dataset;
    found.push({ data: { id, label }, classes: look });
  }
  for (const row of table.querySelectorAll("[data-map-empty]")) {
    const { mapEmpty: id, label, boss } = row.dataset;
    found.push({ data: { id, label }, classes: "empty" });
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

// In a narrow place the ranks stand beside each other, so that names stay legible.
const NARROW = 520;

const style = (isNarrow) => {
  const font = getComputedStyle(document.body).fontFamily;
  const line = css("--y-ink-2");
  return [
    { selector: "node", style: { shape: "round-rectangle", width: 132, height: 68, "background-color": css("--y-surface"), "border-width": 1, "border-color": css("--y-line-strong"), label: "data(label)", "text-wrap": "wrap", "text-max-width": 124, "text-valign": "center", "text-halign": "center", "font-size": 12, "line-height": 1.3, "font-family": font, color: css("--y-ink") } },
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
  place.hidden = false;
  const isNarrow = place.clientWidth < NARROW;
  for (const legend of document.querySelectorAll("[data-map-legend]")) legend.hidden = false;
  graph = cytoscape({ container: place, elements: elements(table), style: style(isNarrow), userZoomingEnabled: false, boxSelectionEnabled: false, autoungrabify: true, maxZoom: 1.1 });
  graph.elements("node, edge.reports_to").layout({ name: "dagre", rankDir: isNarrow ? "LR" : "TB", nodeSep: 18, rankSep: isNarrow ? 24 : 36, fit: false, animate: false }).run();
  const box = graph.elements().boundingBox();
  const zoom = Math.min(1.1, (place.clientWidth - 2 * MARGIN) / box.w);
  place.style.height = `${Math.round(Math.min(box.h * zoom, MOST) + 2 * MARGIN)}px`;
  graph.resize();
  graph.fit(undefined, MARGIN);
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

// Accounts picked in a list: how many, what they are worth, all of the page, none. Without scripts
// the bar shows by CSS as soon as one is picked and the form works the same.
const bar = document.querySelector("[data-bulk]");
const picks = [...document.querySelectorAll("[data-pick]")];
const all = document.querySelector("[data-pick-all]");

const worth = (chosen, locale) => {
  const sums = new Map();
  for (const pick of chosen) {
    const { currency, amount } = pick.dataset;
    sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  }
  return [...sums].map(([currency, sum]) =>
    new Intl.NumberFormat(locale === "ja" ? "ja-JP" : "en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 0 }).format(sum).replace("￥", "¥"),
  );
};

const tell = () => {
  const chosen = picks.filter((pick) => pick.checked);
  const count = bar.querySelector("[data-picked]");
  const arr = bar.querySelector("[data-picked-arr]");
  count.textContent = chosen.length === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen.length);
  arr.textContent = chosen.length ? `ARR ${worth(chosen, arr.dataset.locale).join(" + ")}` : "";
  for (const pick of picks) pick.closest("tr").classList.toggle("y-on", pick.checked);
  if (all) {
    all.checked = chosen.length === picks.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
};

if (bar && picks.length) {
  for (const pick of picks) pick.addEventListener("change", tell);
  all?.addEventListener("change", () => {
    for (const pick of picks) pick.checked = all.checked;
    tell();
  });
  bar.addEventListener("reset", () => setTimeout(tell));
  tell();
}

// Resolves "as the device" before the first paint; a plain script because a module would run too late.
(() => {
  const page = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wish = page.dataset.theme || "auto";
    page.dataset.bsTheme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
    document.dispatchEvent(new Event("y-theme"));
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("y-theme-wish", apply);
})();

// An undo toast goes after ten seconds, but stays while it has focus or the pointer; one at a time.
const STAYS_MS = 10000;
const place = document.querySelector("[data-toasts]");

const start = (toast) => {
  let timer;
  const stop = () => clearTimeout(timer);
  const run = () => {
    stop();
    timer = setTimeout(() => toast.remove(), STAYS_MS);
  };
  for (const [event, action] of [["mouseenter", stop], ["focusin", stop], ["mouseleave", run], ["focusout", run]]) {
    toast.addEventListener(event, action);
  }
  run();
};

const watch = () => {
  const toasts = [...place.querySelectorAll("[data-toast]:not([data-running])")];
  for (const toast of toasts) {
    toast.dataset.running = "";
    start(toast);
  }
  const all = [...place.querySelectorAll("[data-toast]")];
  for (const old of all.slice(0, -1)) if (old.querySelector("form")) old.remove();
};

if (place) {
  watch();
  new MutationObserver(watch).observe(place, { childList: true });
}

// A dialog that htmx puts into #dialogs opens by itself and leaves the page when it closes.
// Without scripts the same link opens the form as a page of its own.
const place = document.getElementById("dialogs");

const wire = (dialog) => {
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], .y-dialog__body :is(input, select, textarea):not([type=hidden])")?.focus();
  dialog.addEventListener("close", () => dialog.remove());
};

place?.addEventListener("htmx:afterSettle", () => {
  for (const dialog of place.querySelectorAll("dialog[data-dialog]")) wire(dialog);
});
document.addEventListener("click", (event) => {
  if (event.target.matches("dialog[data-dialog]")) event.target.close();
});

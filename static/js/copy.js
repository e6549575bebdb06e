// A text to take elsewhere: one button puts all of it on the clipboard.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "y-btn mt-2";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    button.textContent = text.dataset.copied;
  });
  text.after(button);
}

// Adds to each text that people take away a button that copies it; without script the text can be selected.
for (const box of document.querySelectorAll("[data-copy]")) {
  const text = box.querySelector("pre");
  if (!navigator.clipboard || !text) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = box.dataset.copy;
  button.setAttribute("aria-describedby", text.id);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = box.dataset.done;
    setTimeout(() => { button.textContent = box.dataset.copy; }, 2000);
  });
  box.append(button);
}

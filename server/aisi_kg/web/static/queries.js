// Narrow the list of questions while words are written; without this, the form asks the server.

const field = document.getElementById("q");
const found = document.getElementById("found");
const questions = [...document.querySelectorAll("[data-words]")];
const first = field.value;

function narrow() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const question of questions) {
    const fits = words.every((word) => question.dataset.words.toLowerCase().includes(word));
    question.hidden = !fits;
    shown += fits;
  }
  for (const section of document.querySelectorAll(".topics section")) {
    section.hidden = !section.querySelector("[data-words]:not([hidden])");
  }
  found.textContent = shown
    ? found.dataset.said.replace("{n}", shown).replace("{all}", questions.length)
    : found.dataset.none;
}

// What the server has left out comes back only from there.
if (!first) field.addEventListener("input", narrow);

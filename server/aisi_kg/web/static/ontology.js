// Find terms while words are written, and open the list that the address leads into.

const field = document.getElementById("filter");
const found = document.getElementById("found");
const terms = [...document.querySelectorAll("#terms .term")];
const lists = [...document.querySelectorAll("#terms details")];
const opened = new Set();

function narrow() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const term of terms) {
    const fits = words.every((word) => term.dataset.words.toLowerCase().includes(word));
    term.hidden = !fits;
    shown += fits;
  }
  for (const group of document.querySelectorAll("#terms .scheme, #terms .part")) {
    group.hidden = !group.querySelector(".term:not([hidden])");
  }
  for (const list of lists) {
    if (words.length && !list.open) {
      list.open = true;
      opened.add(list);
    } else if (!words.length && opened.delete(list)) list.open = false;
  }
  found.textContent = !words.length ? "" : shown ? found.dataset.said.replace("{n}", shown) : found.dataset.none;
}

function lead() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const list = target?.closest("details");
  if (!list || list.open) return;
  list.open = true;
  target.scrollIntoView({ behavior: "instant" });
}

document.querySelector(".with-script").hidden = false;
field.addEventListener("input", narrow);
window.addEventListener("hashchange", lead);
lead();

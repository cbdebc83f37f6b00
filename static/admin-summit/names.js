// Gives names to what Django's admin and its boxes for choosing show without one: to people
// who listen to a page, a box without a name is "edit, blank".

const nameOf = (select) =>
  select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim().replace(/:$/, "") ?? "";

// The box that select2 puts beside a <select>, which has the label.
function nameBox(select) {
  const box = select.nextElementSibling;
  const name = nameOf(select);
  if (!name || !box?.classList.contains("select2-container")) return;
  const shown = box.querySelector(".select2-selection__rendered");
  box.querySelector(".select2-selection")?.setAttribute("aria-label", name);
  if (shown?.matches("ul")) {
    // It holds the field of the search too, which is no item of a list.
    shown.setAttribute("role", "group");
    shown.setAttribute("aria-label", name);
    for (const item of shown.children) item.setAttribute("role", "none");
  } else {
    shown?.setAttribute("aria-label", `${name}: ${shown.textContent.trim().replace(/^×/, "")}`);
  }
  box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
}

function nameAll() {
  document.querySelectorAll("select.select2-hidden-accessible").forEach(nameBox);
  // A list of results below an open box.
  const open = document.querySelector("select.select2-hidden-accessible + .select2-container--open");
  if (open) {
    const name = nameOf(open.previousElementSibling);
    document
      .querySelectorAll(".select2-dropdown .select2-search__field, .select2-results__options")
      .forEach((e) => e.setAttribute("aria-label", name));
  }
  // Heads of columns that say nothing, and tables that scroll without a mouse.
  for (const head of document.querySelectorAll(".tabular th")) {
    if (!head.textContent.trim()) head.setAttribute("role", "cell");
  }
  for (const table of document.querySelectorAll(".tabular .wrapper, .wide, .results")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
  const heading = document.getElementById("changelist-search-form");
  document.getElementById("searchbar")?.setAttribute("aria-label", heading.textContent.trim());
}

// select2 makes its boxes after this file ran, and new ones with each row that is added.
let isDue = false;
new MutationObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    nameAll();
  });
}).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", nameAll);
addEventListener("load", nameAll);
nameAll();

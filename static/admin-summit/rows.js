// Rows to type into: when something is in the last one, an empty one follows it.
const FILLED = "input:not([type=hidden], [type=checkbox]), select, textarea";

// Without a choice in its source a <select> begins with its first option.
const isChosen = (select) =>
  select.value && ![...select.options].some((o, index) => o.selected && (o.defaultSelected || !index));
const isFilled = (row) =>
  [...row.querySelectorAll(FILLED)].some((box) =>
    box.matches("select") ? isChosen(box) : box.value !== box.defaultValue);

for (const rows of document.querySelectorAll("[data-rows]")) {
  const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
  const most = Number(rows.querySelector(`[name="${rows.dataset.rows}-MAX_NUM_FORMS"]`).value);
  const template = rows.querySelector("template");

  const grow = () => {
    const count = Number(total.value);
    const last = [...rows.querySelectorAll(".row")].at(-1);
    if (!template || count >= most || (last && !isFilled(last))) return;
    const row = template.content.firstElementChild.cloneNode(true);
    for (const each of row.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for", "data-select2-id"]) {
        if (each.hasAttribute(name)) {
          each.setAttribute(name, each.getAttribute(name).replace("__prefix__", count));
        }
      }
    }
    template.before(row);
    total.value = count + 1;
    // The choosers of the admin set themselves up by it.
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
  };

  rows.addEventListener("input", grow);
  // A chooser tells of a choice by an event of jQuery alone.
  django.jQuery(rows).on("change", grow);
  grow();
}

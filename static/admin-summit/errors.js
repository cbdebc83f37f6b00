// Leads from the list of what is wrong with a form to the field: opens what it is folded into,
// and puts the cursor there. Without this file the links are plain anchors.
const summary = document.querySelector(".error-summary");

// Boxes that search as one types stand beside the <select> that has the id.
const boxOf = (field) =>
  field.matches(".select2-hidden-accessible")
    ? field.nextElementSibling.querySelector(".select2-selection")
    : field.matches("input, select, textarea, button")
      ? field
      : (field.querySelector("input:not([type=hidden]), select, textarea") ?? field);

function lead(id) {
  const field = document.getElementById(id);
  if (!field) return false;
  for (let parent = field.closest("details"); parent; parent = parent.parentElement.closest("details")) {
    parent.open = true;
  }
  const box = boxOf(field);
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "center" });
  return true;
}

summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && lead(link.hash.slice(1))) event.preventDefault();
});
// Whoever comes back to a form that was refused begins with what to correct.
summary?.focus({ preventScroll: true });

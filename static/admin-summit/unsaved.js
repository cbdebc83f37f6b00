// Asks before what was typed on a change form is lost to a link or a button beside it.
const form = document.querySelector(".change-form #content-main form, .review-form");

if (form) {
  let isEdited = false;
  form.addEventListener("input", () => { isEdited = true; });
  form.addEventListener("submit", () => { isEdited = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isEdited) event.preventDefault();
  });
}

// Says of a file at once that it is too large: what a server refuses takes the whole form with it.
document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file][data-max-bytes]")) return;
  target.parentElement.querySelector(":scope > .not-taken")?.remove();
  const size = sum(target.files);
  const together = sum([...target.form.querySelectorAll("input[type=file]")].flatMap((each) => [...each.files]));
  let words = "";
  if (size > Number(target.dataset.maxBytes)) words = target.dataset.tooLarge;
  else if (together > Number(target.dataset.maxTogether)) words = target.dataset.tooMuch;
  if (!words) return;
  target.value = "";
  const refusal = document.createElement("span");
  refusal.className = "not-taken";
  refusal.role = "alert";
  refusal.textContent = words;
  target.after(refusal);
});

function sum(files) {
  return [...files].reduce((bytes, file) => bytes + file.size, 0);
}

// Says of a file at once that it is too large: what a server refuses takes the whole form with it.
// Where several were chosen in one go, those that fit are kept.
document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file][data-max-bytes]")) return;
  target.parentElement.querySelectorAll(":scope > .not-taken").forEach((each) => each.remove());
  const { maxBytes, maxTogether, tooLarge, tooMuch } = target.dataset;
  const others = [...target.form.querySelectorAll("input[type=file]")].filter((each) => each !== target);
  let room = Number(maxTogether) - others.flatMap((each) => [...each.files]).reduce(add, 0);
  const kept = new DataTransfer();
  const refused = new Map([[tooLarge, []], [tooMuch, []]]);
  for (const file of target.files) {
    if (file.size > Number(maxBytes)) refused.get(tooLarge).push(file.name);
    else if (file.size > room) refused.get(tooMuch).push(file.name);
    else {
      kept.items.add(file);
      room -= file.size;
    }
  }
  if (kept.files.length !== target.files.length) target.files = kept.files;
  for (const [words, names] of refused) {
    if (names.length) target.after(refusal(target.multiple ? `${names.join(" · ")}: ${words}` : words));
  }
});

const add = (bytes, file) => bytes + file.size;

function refusal(words) {
  const shown = document.createElement("span");
  shown.className = "not-taken";
  shown.role = "alert";
  shown.textContent = words;
  return shown;
}

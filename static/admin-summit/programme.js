// The programme as a table: rows and people are added below, with the day and the end of the row
// before; Enter leads to the next row. Without this the rows that stand ready are filled in.

const DAY = 24 * 60;
const SHORT = 30;

const table = document.querySelector("[data-programme]");
const prefix = table?.dataset.programme;

// As the server reads a time: 9, 0900, 9:00, ９：００, 9点30分. Nothing for what is none.
function readClock(text) {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  const found = /^(?:(\d{1,2})(?:[:.时点h](\d{1,2})?分?)?|(\d{1,2})(\d{2}))$/.exec(plain);
  if (!found) return null;
  const minutes = Number(found[2] ?? found[4] ?? 0);
  const total = Number(found[1] ?? found[3]) * 60 + minutes;
  return minutes < 60 && total <= DAY ? total : null;
}

const writeClock = (minutes) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");

const field = (row, name) => row.querySelector(`[name="${row.dataset.session}-${name}"]`);
const clock = (row, name) => readClock(field(row, name).value);
const isDeleted = (row) => Boolean(row.querySelector('[name$="-DELETE"]:checked'));
const rowsOf = (day) =>
  [...day.querySelectorAll("[data-session]")].filter((row) => !isDeleted(row));

// A copy of a template whose names are numbered, after which Django's own scripts set it up.
function stamp(name, numbered) {
  const holder = document.createElement("template");
  holder.innerHTML = numbered(table.querySelector(`template[${name}]`).innerHTML);
  const row = holder.content.firstElementChild;
  row.classList.remove("spare");
  for (const each of row.querySelectorAll(".spare")) each.remove();
  return row;
}

function tellAdded(row, formset) {
  row.dispatchEvent(
    new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: formset } }),
  );
  for (const button of row.querySelectorAll("button[hidden]")) button.hidden = false;
}

function nextNumber(formset) {
  const total = document.querySelector(`[name="${formset}-TOTAL_FORMS"]`);
  const number = Number(total.value);
  total.value = number + 1;
  return number;
}

function addSession(day) {
  const number = nextNumber(prefix);
  const row = stamp("data-new-session", (html) => html.replaceAll("__prefix__", number));
  const before = rowsOf(day).at(-1);
  const starts = (before && clock(before, "ends")) ?? readClock(day.dataset.starts);
  const length = before ? clock(before, "ends") - clock(before, "starts") : SHORT;
  const ends = Math.min(starts + (length > 0 ? length : SHORT), DAY);
  day.querySelector(".no-sessions")?.remove();
  day.querySelector("table").append(row);
  field(row, "day").value = day.dataset.day;
  if (starts < DAY) {
    field(row, "starts").value = writeClock(starts);
    field(row, "ends").value = writeClock(ends);
  }
  row.dataset.proposed = `${field(row, "starts").value} ${field(row, "ends").value}`;
  tellAdded(row, prefix);
  field(row, "starts").focus();
  field(row, "starts").select();
}

function addPerson(people) {
  const formset = people.dataset.persons;
  const number = nextNumber(formset);
  const row = stamp("data-new-person", (html) =>
    html.replaceAll("__people__", formset).replaceAll("__prefix__", number),
  );
  people.querySelector("[data-add-person]").parentElement.before(row);
  tellAdded(row, formset);
  row.querySelector("select").focus();
}

// What was added and in which nothing was typed is not sent.
function isUntouched(row) {
  const times = `${field(row, "starts").value} ${field(row, "ends").value}`;
  const others = [...row.querySelectorAll("input:not([type=hidden]), select")].filter(
    (each) => !["day", "starts", "ends"].some((name) => each.name.endsWith(`-${name}`)),
  );
  const isEmpty = (each) =>
    each.type === "checkbox" ? !each.checked
      : each.multiple ? !each.selectedOptions.length
        : each.matches("select") ? [...each.options].find((one) => one.selected) === (
          [...each.options].find((one) => one.defaultSelected) ?? each.options[0]
        ) : !each.value.trim();
  return times === row.dataset.proposed && others.every(isEmpty);
}

// Keep how long a session takes when its start is typed, until its end is.
function keepLength(row, before) {
  const starts = clock(row, "starts");
  if (starts === null) return;
  const [oldStart, oldEnd] = before.split(" ").map(readClock);
  if (oldStart === null || oldEnd === null || clock(row, "ends") !== oldEnd) return;
  const ends = Math.min(starts + oldEnd - oldStart, DAY);
  field(row, "ends").value = writeClock(ends);
  row.dataset.proposed = `${writeClock(starts)} ${writeClock(ends)}`;
}

function goOn(row) {
  const day = row.closest("[data-day]");
  const rows = rowsOf(day);
  const next = rows[rows.indexOf(row) + 1];
  if (next) {
    field(next, "starts").focus();
    field(next, "starts").select();
  } else {
    addSession(day);
  }
}

if (table?.querySelector("template[data-new-session]")) {
  for (const each of document.querySelectorAll(".spare")) each.remove();
  for (const each of document.querySelectorAll(
    "[data-add-session], [data-add-person], [data-remove], [data-keys]",
  )) each.hidden = false;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-add-session]")) addSession(button.closest("[data-day]"));
    if (button.matches("[data-add-person]")) addPerson(button.closest("[data-persons]"));
    if (button.matches("[data-remove]")) {
      const row = button.closest("[data-person]") ?? button.closest("[data-session]");
      const near = row.previousElementSibling ?? row.parentElement;
      row.remove();
      near.querySelector("input:not([type=hidden]), button")?.focus();
    }
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    const row = input.closest("[data-session]");
    if (input.matches("[data-clock]")) {
      const minutes = readClock(input.value);
      if (minutes !== null) input.value = writeClock(minutes);
      if (row.dataset.proposed && input.name.endsWith("-starts")) {
        keepLength(row, row.dataset.proposed);
      }
    }
    if (input.matches('[name$="-DELETE"]')) {
      (input.closest("[data-person]") ?? row).classList.toggle("deleted", input.checked);
    }
  });

  table.addEventListener("keydown", (event) => {
    const input = event.target;
    const isText = input.matches("input:not([type=checkbox], [type=search]), select");
    // While characters are composed Enter takes them.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !isText) return;
    if (input.closest(".select2")) return;
    event.preventDefault();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const people = input.closest("[data-persons]");
    if (people) addPerson(people);
    else goOn(input.closest("[data-session]"));
  });

  table.closest("form").addEventListener("submit", () => {
    for (const row of table.querySelectorAll("[data-proposed]")) if (isUntouched(row)) row.remove();
  });
}

// Beside the times of an event, adds the visitor's own where the clock there shows another.
//
// Words come from the page: data-local-time="{times} your time" on an element above.

const language = document.documentElement.lang;
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

const clock = (zone) =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
const hours = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "short" });

// The same wall clock needs no second mention, whatever the zones are called.
const differs = (moment, zone) => clock(zone).format(moment) !== clock(own).format(moment);

function timesOf(start, end, shownDay) {
  const first = day.format(start);
  const last = day.format(end);
  const from = first === shownDay ? hours.format(start) : `${first} ${hours.format(start)}`;
  return last === first
    ? `${from}–${hours.format(end)}`
    : `${from} – ${last} ${hours.format(end)}`;
}

function add(element, pattern) {
  const [start, end] = [...element.querySelectorAll("time")].map((t) => new Date(t.dateTime));
  const zones = element.dataset.zones.trim().split(/\s+/);
  if (!zones.every((zone) => differs(start, zone))) return;
  const there = new Intl.DateTimeFormat(language, {
    month: "long",
    day: "numeric",
    weekday: "short",
    timeZone: zones[0],
  });
  const note = document.createElement("span");
  note.className = "own-time";
  note.textContent = pattern.replace("{times}", timesOf(start, end, there.format(start)));
  element.append(" ", note);
}

for (const root of document.querySelectorAll("[data-local-time]")) {
  for (const element of root.querySelectorAll("[data-when]")) {
    add(element, root.dataset.localTime);
  }
}

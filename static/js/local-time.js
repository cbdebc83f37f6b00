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
const hours = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

// The same words as the server's: 28 October (Wed), 10月28日（星期三）.
function dayOf(moment, zone) {
  const chinese = language.startsWith("zh");
  const locale = chinese ? "zh-CN" : "en-GB";
  const part = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const date = part({ month: "long", day: "numeric" }).format(moment);
  const weekday = part({ weekday: chinese ? "long" : "short" }).format(moment);
  return chinese ? `${date}（${weekday}）` : `${date} (${weekday})`;
}

// The same wall clock needs no second mention, whatever the zones are called.
const differs = (moment, zone) => clock(zone).format(moment) !== clock(own).format(moment);

// Parts between which a line may break: days and times.
function timesOf(start, end, shownDay) {
  const first = dayOf(start);
  const from = hours.format(start);
  const closing = hours.format(end);
  const day = first === shownDay ? [] : [first];
  // What ends at midnight ends on its own day.
  const last = dayOf(new Date(end - 1));
  if (last === first) return [...day, `${from}–${closing === "00:00" ? "24:00" : closing}`];
  return [...day, `${from}${language.startsWith("zh") ? "至" : " –"}`, dayOf(end), closing];
}

function whole(text) {
  const part = document.createElement("span");
  part.className = "whole";
  part.textContent = text;
  return part;
}

function add(element, pattern) {
  const [start, end] = [...element.querySelectorAll("time")].map((t) => new Date(t.dateTime));
  const zones = element.dataset.zones.trim().split(/\s+/);
  if (!zones.every((zone) => differs(start, zone))) return;
  const note = document.createElement("span");
  note.className = "own-time";
  const gap = language.startsWith("zh") ? "" : " ";
  const [before, after] = pattern.split("{times}").map((words) => words.trim());
  const times = timesOf(start, end, dayOf(start, zones[0]));
  const parts = [before, ...times, after].filter(Boolean);
  note.append(...parts.flatMap((text, place) => (place ? [gap, whole(text)] : [whole(text)])));
  element.append(" ", note);
}

for (const root of document.querySelectorAll("[data-local-time]")) {
  for (const element of root.querySelectorAll("[data-when]")) {
    add(element, root.dataset.localTime);
  }
}

// A page has one module, and WeChat's browser needs this one more: see in-wechat.js.
const wechat = document.querySelector("[data-wechat-module]");
if (wechat && /MicroMessenger/i.test(navigator.userAgent)) import(wechat.dataset.wechatModule);

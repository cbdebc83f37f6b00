// Scans the QR code of a ticket with the camera, where the browser can read one.

const EVERY = 150;
const button = document.querySelector("[data-scan]");
const dialog = document.querySelector("[data-scanner]");
const box = document.querySelector("[data-box]");
const flag = document.querySelector("[data-scanned]");
let stream = null;

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  dialog.querySelector("video").srcObject = null;
}

function say(words) {
  const note = dialog.querySelector("[role=alert]");
  note.textContent = words;
  note.hidden = !words;
  dialog.querySelector("video").hidden = Boolean(words);
}

function submit(code) {
  dialog.close();
  box.value = code;
  flag.value = "1";
  box.form.requestSubmit();
  flag.value = "";
}

async function look(detector, video) {
  while (stream && dialog.open) {
    let codes = [];
    try {
      codes = await detector.detect(video);
    } catch {
      // No picture yet.
    }
    const code = codes.find((each) => each.rawValue.trim());
    if (code && dialog.open) {
      submit(code.rawValue);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

async function scan() {
  say("");
  dialog.showModal();
  try {
    const video = { facingMode: "environment" };
    stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    const isDenied = error.name === "NotAllowedError" || error.name === "SecurityError";
    say(isDenied ? dialog.dataset.denied : dialog.dataset.none);
    return;
  }
  // Closed while the browser still asked for permission.
  if (!dialog.open) {
    stop();
    return;
  }
  const picture = dialog.querySelector("video");
  picture.srcObject = stream;
  await picture.play().catch(() => {});
  await look(new BarcodeDetector({ formats: ["qr_code"] }), picture);
}

if (button && (await canRead())) {
  button.hidden = false;
  button.addEventListener("click", scan);
  dialog.addEventListener("close", stop);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dialog.open) dialog.close();
  });
}

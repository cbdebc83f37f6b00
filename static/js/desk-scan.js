// Scans the QR code of a ticket with the camera: with the reader of the browser where it has
// one, else with jsQR, which takes a small picture five times a second to spare weak phones.

const EVERY = 200;
const SIDE = 480;
const button = document.querySelector("[data-scan]");
const dialog = document.querySelector("[data-scanner]");
const box = document.querySelector("[data-box]");
const flag = document.querySelector("[data-scanned]");
let stream = null;
let loading = null;

async function hasOwnReader() {
  try {
    return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

// Loaded with the page, so that a hall without signal can scan; a scan tries again what failed.
function loadDecoder() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = dialog.dataset.decoder;
    script.addEventListener("load", () => resolve(window.jsQR));
    script.addEventListener("error", () => {
      script.remove();
      loading = null;
      reject(new Error("no decoder"));
    });
    document.head.append(script);
  });
  return loading;
}

function ownReader() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video)).map((each) => each.rawValue);
}

function decoderReader(decode) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    // The square in the middle, which is what the page shows of the picture.
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (!side) return [];
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    picture.drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
    const { data } = picture.getImageData(0, 0, SIDE, SIDE);
    const found = decode(data, SIDE, SIDE, { inversionAttempts: "dontInvert" });
    return found ? [found.data] : [];
  };
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

async function look(read, video, mine) {
  while (stream === mine && dialog.open) {
    let codes = [];
    try {
      codes = await read(video);
    } catch {
      // No picture yet.
    }
    const code = codes.find((each) => each.trim());
    if (code && stream === mine && dialog.open) {
      submit(code);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new DOMException("no camera", window.isSecureContext ? "NotFoundError" : "Insecure");
  }
  const video = { facingMode: "environment" };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

function reasonOf(error) {
  if (error.name === "Insecure") return dialog.dataset.insecure;
  const isDenied = error.name === "NotAllowedError" || error.name === "SecurityError";
  return isDenied ? dialog.dataset.denied : dialog.dataset.none;
}

async function scan() {
  say("");
  dialog.showModal();
  let read;
  try {
    read = (await hasOwnReader()) ? ownReader() : decoderReader(await loadDecoder());
  } catch {
    say(dialog.dataset.unloaded);
    return;
  }
  let mine;
  try {
    mine = await openCamera();
  } catch (error) {
    say(reasonOf(error));
    return;
  }
  // Closed while the browser still asked for permission, or opened once more meanwhile.
  if (!dialog.open || stream) {
    for (const track of mine.getTracks()) track.stop();
    return;
  }
  stream = mine;
  const picture = dialog.querySelector("video");
  picture.srcObject = stream;
  await picture.play().catch(() => {});
  await look(read, picture, mine);
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", scan);
  dialog.addEventListener("close", stop);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dialog.open) dialog.close();
  });
  const mayUseCamera = Boolean(navigator.mediaDevices?.getUserMedia);
  if (mayUseCamera && !(await hasOwnReader())) loadDecoder().catch(() => {});
}

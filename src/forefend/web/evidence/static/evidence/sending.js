/* Enhancement only: a chosen file is sent in pieces before its form, and goes on where it stopped. Without script the
   form carries the file itself. */
const PIECE = 2 * 1024 * 1024;
const TRIES = 6;
const PERCENT = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, { style: "percent" });

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/* The hash of a piece, where the browser can tell it: on https and on this machine. */
async function digest(bytes) {
  if (!window.crypto || !window.crypto.subtle) return "";
  const hash = await window.crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The answer of the server as an object; null when the line broke or something else answered. */
async function ask(address, given) {
  try {
    const response = await fetch(address, { credentials: "same-origin", ...given });
    const said = await response.json();
    return { ...said, isRefused: !response.ok };
  } catch {
    return null;
  }
}

async function send(form, file, said, bar) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const begun = await ask(form.dataset.sends, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ filename: file.name, size: file.size, fingerprint: `${file.name}:${file.size}:${file.lastModified}`.slice(-200) }),
  });
  if (!begun || begun.isRefused) return { sentence: begun ? begun.sentence : form.dataset.broken };
  let received = begun.received;
  let left = TRIES;
  while (received < file.size) {
    bar.value = (100 * received) / file.size;
    said.textContent = form.dataset.part.replace("{share}", PERCENT.format(received / file.size));
    const bytes = await file.slice(received, received + PIECE).arrayBuffer().catch(() => null);
    const hash = bytes ? await digest(bytes) : "";
    const answer = bytes && (await ask(`${begun.address}?offset=${received}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream", ...(hash && { "X-Content-SHA256": hash }) },
      body: bytes,
    }));
    if (answer && answer.received > received) {
      received = answer.received;
      left = TRIES;
      continue;
    }
    if (--left === 0) return { sentence: (answer && answer.sentence) || form.dataset.broken };
    if (answer && Number.isInteger(answer.received)) received = answer.received;
    await wait(500 * 2 ** (TRIES - left));
  }
  bar.value = 100;
  return { token: begun.token };
}

for (const form of document.querySelectorAll("form[data-sends]")) {
  form.addEventListener("submit", async (event) => {
    const chosen = form.elements.file;
    const file = chosen.files[0];
    if (!file || file.size === 0) return;
    event.preventDefault();
    const box = form.querySelector(".sending");
    const said = box.querySelector("p");
    const button = form.querySelector("button[type=submit]");
    box.hidden = false;
    button.disabled = true;
    said.textContent = form.dataset.begin;
    const sent = await send(form, file, said, box.querySelector("progress"));
    if (!sent.token) {
      said.textContent = sent.sentence;
      button.disabled = false;
      return;
    }
    said.textContent = form.dataset.done;
    form.elements.upload.value = sent.token;
    chosen.disabled = true;
    form.submit();
  });
}

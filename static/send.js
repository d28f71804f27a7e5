// Sends a link by what the phone sends with, or copies it or a note, where the browser can; the page shows it anyway.

for (const place of document.querySelectorAll("[data-send], [data-send-field]")) {
  const { send: path, sendField: field, title } = place.dataset;
  const text = field ? document.getElementById(field).value : new URL(path, location.href).href;
  const [copy, send] = [...place.querySelectorAll("button")].reverse();
  const status = place.querySelector("[role=status]");
  if (send && navigator.share) {
    send.hidden = false;
    const what = text.startsWith("http") ? { title, url: text } : { title, text }; // no other address is one to a browser
    send.addEventListener("click", () => navigator.share(what).catch(() => {})); // closed
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      status.textContent = ""; // what is said a second time is said aloud again
      const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
      status.textContent = done ? place.dataset.copied : place.dataset.failed;
    });
  }
}

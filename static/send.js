// Sends a link by what the phone sends with, or copies it, where the browser can; the page shows it in any case.

for (const place of document.querySelectorAll("[data-send]")) {
  const url = new URL(place.dataset.send, location.href).href;
  const [send, copy] = place.querySelectorAll("button");
  const status = place.querySelector("[role=status]");
  if (navigator.share) {
    send.hidden = false;
    send.addEventListener("click", () => navigator.share({ title: place.dataset.title, url }).catch(() => {})); // closed
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      status.textContent = ""; // what is said a second time is said aloud again
      const done = await navigator.clipboard.writeText(url).then(() => true, () => false);
      status.textContent = done ? place.dataset.copied : place.dataset.failed;
    });
  }
}

// On a clinic's tablet: asks whoever left it for a minute, and after two puts it away, as the server does by itself.
// A page that the browser kept for its back button is asked of the server again.

const asks = document.getElementById("still-here");
const { here, rest } = asks.dataset;
let last = Date.now(), sent = last;

const note = () => {
  last = Date.now();
  if (asks.open) asks.close();
  if (last - sent > 20_000) { sent = last; fetch(here); }
};
for (const each of ["keydown", "pointerdown", "scroll"]) addEventListener(each, note, { passive: true });
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
setInterval(() => {
  const away = Date.now() - last;
  if (away > 120_000) location.replace(rest);
  else if (away > 60_000 && !asks.open) asks.showModal();
}, 1_000);

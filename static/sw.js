// Serves the walk through the home while there is no network: its one page and the files of it, and nothing else.

const CACHE = "walk";
const WAIT_MS = 4000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));

// The page asks for this only after the button "I will walk around now".
addEventListener("message", event => {
  event.waitUntil(keep(event.data.page, event.data.files).then(
    () => event.ports[0].postMessage("kept"),
    () => event.ports[0].postMessage("not kept"),
  ));
});

addEventListener("fetch", event => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && pathname === "/walk") event.respondWith(newest(event.request));
  else if (pathname.startsWith("/static/")) event.respondWith(fromCache(event.request));
});

async function keep(page, files) {
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  const answer = await fetch(page, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error("no page to keep");
  await cache.put(page, answer);
}

// From the network where it answers in time, else the one that was kept.
async function newest(request) {
  const late = new Promise((_, fail) => setTimeout(fail, WAIT_MS));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 500) return answer;
  } catch {
    // no network, or not in time
  }
  return (await caches.match("/walk")) || Response.error();
}

async function fromCache(request) {
  return (await caches.match(request)) || fetch(request);
}

// The walk through the home: one room after the other, each answer kept on the phone and sent when it can be.

const root = document.querySelector("#walk");
const { outbox, forgetBy } = await import(root.dataset.outbox);
const say = JSON.parse(root.dataset.says);
const status = root.querySelector("#walk-status");
const rooms = [...root.querySelectorAll(".walk-room")];
const LONGEST_SIDE = 1280;
const QUALITY = 0.75;
const AGAIN_MS = 5000;
const forgetting = root.querySelector("#walk-forget");
const offline = root.querySelector("#walk-offline");
const touched = new Set(); // what was answered on this page: newer than anything that comes from us

const why = whyNot();
root.querySelector("#walk-why-not").textContent = why ? say[why] : "";
if (!why) {
  root.querySelector("#walk-begin").hidden = false;
  root.querySelector("#walk-begin").addEventListener("click", begin);
}
forgetBy(forgetting, forgotten);
addEventListener("storage", event => event.key === "firm-footing-walk" && event.newValue === null && forgotten());
for (const button of document.querySelectorAll("button[formaction]")) button.addEventListener("click", needsNetwork);
for (const input of root.querySelectorAll("input[type=radio], input[name=absent]")) input.addEventListener("change", () => answered(input));
for (const link of root.querySelectorAll("[data-rest]")) link.addEventListener("click", () => restIsFine(link.closest(".walk-room")));
for (const input of root.querySelectorAll("input[type=file]")) input.addEventListener("change", () => photographed(input));
root.querySelector("#walk-end").addEventListener("click", end);
addEventListener("hashchange", () => go());
outbox.watch(tell);
if (outbox.begun) await goOn().catch(() => report("broken"));
root.dataset.ready = "yes";

function whyNot() {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("indexedDB" in window) || !("caches" in window)) return "old";
  return "";
}

async function begin() {
  const button = root.querySelector("#walk-begin");
  button.disabled = true;
  try {
    const state = await getState();
    await outbox.begin(state.record);
    fill(state);
    const pageIsHere = await keepThePage();
    location.hash = rooms[0].id;
    show();
    outbox.send();
    if (!pageIsHere) offline.textContent = say.online;
  } catch {
    if (outbox.begun && !(await outbox.walk().catch(() => null))) await outbox.forget();
    report("broken");
    button.disabled = false;
  }
}

// After a reload, with a network or without one.
async function goOn() {
  let walk = await outbox.walk();
  await outbox.letGoOfTheOld();
  try {
    const state = await getState();
    if (!walk) {
      walk = await outbox.begin(state.record); // this browser threw it away
      keepThePage();
    }
    if (walk.record !== state.record) return; // another person's walk: sent by itself, and not shown here
    fill(state);
  } catch {
    if (outbox.theirs) {
      offline.textContent = say.theirs;
      return;
    }
    offline.textContent = walk ? say.offline : say.needs;
    if (!walk) return;
    shownAgain(walk);
  }
  for (const each of await outbox.waiting()) {
    if (each.record !== walk.record) continue;
    each.photo ? picture(each.link_id, URL.createObjectURL(each.photo)) : choose(each.link_id, each.answer);
    touched.add(each.link_id);
  }
  show();
  outbox.send();
}

async function getState() {
  const answer = await fetch(root.dataset.state, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function keepThePage() {
  const policy = window.trustedTypes?.createPolicy("firm-footing", { createScriptURL: url => url });
  const address = "/sw.js";
  await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, { scope: "/walk" });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise(then => (port1.onmessage = event => then(event.data === "kept")));
  active.postMessage({ page: "/walk", files: JSON.parse(root.dataset.files) }, [port2]);
  return answer;
}

async function answered(input, ifOpen) {
  const link = input.name === "absent" ? input.value : input.name;
  const answer = input.name === "absent" ? (input.checked ? "yes" : "no") : input.value;
  touched.add(link);
  offerPhoto(link);
  await keep({ link_id: link, answer, if_open: ifOpen });
}

// Each thing of the room that has no answer is fine: the link says so, and leads on.
function restIsFine(room) {
  for (const name of openIn(room)) {
    const fine = room.querySelector(`input[name="${name}"][value=no]`);
    fine.checked = true;
    answered(fine, true); // without a network the page does not know what was sent before: that stays
  }
}

function openIn(room) {
  const names = new Set([...room.querySelectorAll("input[type=radio]")].map(each => each.name));
  return [...names].filter(name => !room.querySelector(`input[name="${name}"]:checked`));
}

async function keep(entry) {
  await outbox.add(entry);
  await outbox.send();
}

function fill({ answers, absent, photos }) {
  const known = [...Object.entries(answers), ...absent.map(room => [room, "yes"])];
  for (const [link, answer] of known) if (!touched.has(link)) choose(link, answer);
  for (const [link, address] of Object.entries(photos)) if (!pictureOf(link)?.src) picture(link, address);
}

function choose(link, answer) {
  const room = root.querySelector(`input[name=absent][value="${link}"]`);
  if (room) room.checked = answer === "yes";
  const input = root.querySelector(`input[name="${link}"][value="${answer}"]`);
  if (input) input.checked = true;
  offerPhoto(link);
}

function offerPhoto(link) {
  const place = root.querySelector(`.photo[data-link="${link}"]`);
  if (place) place.hidden = !root.querySelector(`input[name="${link}"][value=yes]`).checked;
}

async function photographed(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  const place = input.closest(".photo");
  try {
    const photo = await smaller(file);
    picture(place.dataset.link, URL.createObjectURL(photo));
    place.querySelector(".photo-says").textContent = "";
    await keep({ link_id: place.dataset.link, photo });
  } catch {
    unreadable(place);
  }
}

function unreadable(place) {
  place.querySelector("img").hidden = true;
  place.querySelector(".photo-says").textContent = say.unreadable;
}

// Drawn anew on this phone: smaller, upright, and without the place and time that a camera writes into it.
async function smaller(file) {
  const drawn = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(drawn.width * scale), height: Math.round(drawn.height * scale) });
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  return new Promise((then, fail) => canvas.toBlob(blob => (blob ? then(blob) : fail()), "image/jpeg", QUALITY));
}

function picture(link, address) {
  const shown = pictureOf(link);
  if (!shown) return;
  shown.src = address;
  shown.hidden = shown.closest(".photo").hidden = false;
}

function pictureOf(link) {
  return root.querySelector(`.photo[data-link="${link}"] img`);
}

function show() {
  root.dataset.ready = "yes";
  outbox.hold();
  if (!location.hash && rooms.some(each => each.id === outbox.at)) history.replaceState(null, "", `#${outbox.at}`);
  root.querySelector(".walk-start").hidden = true;
  root.querySelector(".walk-rooms").hidden = false;
  go();
}

function go() {
  const at = rooms.find(each => `#${each.id}` === location.hash) || rooms[0];
  rooms.forEach(each => (each.hidden = each !== at));
  outbox.at = at.id;
  root.querySelector("#walk-end-says").textContent = "";
  if (at.id === "walk-done") tellWhatIsOpen();
  at.querySelector("h2").focus({ preventScroll: true });
  at.scrollIntoView();
}

// Where the answers are, and the button that takes them off this phone: in sight while there is anything.
function report(what) {
  status.textContent = say[what];
  forgetting.hidden = !outbox.begun;
}

// The one place that says "Saved": when nothing waits by the phone's own word, and nothing was lost.
function tell({ waiting, held, lost, problem, refused }) {
  if (!outbox.begun) return;
  if (refused) return unreadable(root.querySelector(`.photo[data-link="${refused}"]`));
  report(held || waiting === null ? "full" : problem === "not-found" ? "lost" : waiting ? "waiting" : "saved");
  status.dataset.waiting = waiting + lost.length;
  if (waiting === 0) root.querySelector("#walk-end-says").textContent = ""; // it told of what waited
  if (lost.length) askAgain(lost, waiting);
}

// What is gone has no answer on this page any more, and is named until it has one.
function askAgain(lost, waiting) {
  const names = lost.map(link => {
    for (const input of root.querySelectorAll(`input[name="${link}"], input[name=absent][value="${link}"]`)) input.checked = false;
    const asked = root.querySelector(`input[name="${link}"]`)?.closest("fieldset").querySelector("legend") || document.getElementById(`${link}-title`);
    return asked?.textContent || "";
  });
  status.textContent = `${say.gone} ${names.filter(Boolean).join(", ")}. ${waiting ? status.textContent : ""}`.trim();
}

// What was sent before a page came up without a network, as soon as there is one.
async function shownAgain(walk) {
  try {
    const state = await getState();
    if (state.record !== walk.record) return location.reload(); // somebody else's answers were opened since
    fill(state);
    offline.textContent = "";
  } catch {
    setTimeout(() => offline.textContent && shownAgain(walk), AGAIN_MS);
  }
}

// On the last page: each place with how many of its questions have no answer, as a way back there.
function tellWhatIsOpen() {
  const list = root.querySelector("#walk-open");
  list.replaceChildren();
  for (const room of rooms) {
    const open = room.querySelector("input[name=absent]:checked") ? 0 : openIn(room).length;
    if (!open) continue;
    const link = Object.assign(document.createElement("a"), { className: "link", href: `#${room.id}` });
    link.textContent = `${room.querySelector("h2").textContent}: ${open}`;
    list.appendChild(document.createElement("li")).append(link);
  }
  root.querySelector("#walk-open-says").hidden = !list.children.length;
}

function needsNetwork(event) {
  if (navigator.onLine || !outbox.begun) return;
  event.preventDefault();
  offline.textContent = say.needs;
}

async function end(event) {
  event.preventDefault();
  await outbox.send(true);
  const waiting = await outbox.waiting().catch(() => null);
  if (waiting === null || waiting.length) {
    const why = status.textContent === say.full ? "full" : navigator.onLine && waiting.every(each => each.photo) ? "unkept" : "unsent";
    root.querySelector("#walk-end-says").textContent = say[why];
    return;
  }
  await outbox.forget();
  location.assign(event.target.href);
}

function forgotten() {
  report("forgotten");
  for (const input of root.querySelectorAll("input")) input.checked = false;
  for (const shown of root.querySelectorAll(".photo img")) {
    URL.revokeObjectURL(shown.src);
    shown.removeAttribute("src");
    shown.hidden = shown.closest(".photo").hidden = true;
  }
  root.querySelector(".walk-rooms").hidden = true;
  root.querySelector(".walk-start").hidden = false;
  root.querySelector("#walk-begin").disabled = false;
  offline.textContent = "";
  touched.clear();
  root.querySelector("h1").focus();
}

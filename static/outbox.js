// What waits on this phone: answers and photos of a walk through the home, until they are sent, seven days at most.
// Nothing else is ever put here, and nothing before the button for it was pressed.

const DATABASE = "firm-footing-walk";
const MARK = "firm-footing-walk"; // in localStorage: whether there is anything to look for, and the place of the walk
const THEIRS = "firm-footing-walk-of-another"; // in localStorage: the answers that were open last are not the walk's
const WALKING = "firm-footing-walking"; // a lock: some tab shows the walk
const KEPT_MS = 7 * 24 * 3600 * 1000;
const AGAIN_MS = 5000;
const AT_ONCE = 100;
const MOST_FAULTS = 3;

const listeners = new Set();
let opening = null;
const faults = new Map();
let later = 0;

export const outbox = {
  /** Whether a walk was begun on this phone and not forgotten. */
  get begun() {
    return read(MARK) !== null;
  },

  /** The place where the walk is, by its id. */
  get at() {
    return read(MARK);
  },

  set at(place) {
    if (this.begun) write(MARK, place);
  },

  /** Whether the answers that this browser opened last are another person's than the walk's. */
  get theirs() {
    return read(THEIRS) !== null;
  },

  async begin(record) {
    write(MARK, "begun");
    localStorage.removeItem(THEIRS);
    const db = await open();
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/[+/]/g, "-");
    await done(db.transaction("walk", "readwrite").objectStore("walk").put({ id: "walk", record, key }));
  },

  /** The record and the key of the walk that was begun, or null. */
  async walk() {
    if (!this.begun) return null;
    return (await done((await open()).transaction("walk").objectStore("walk").get("walk"))) || null;
  },

  /** Keeps an answer ({link_id, answer}) or a photo ({link_id, photo}) on the phone, in its place. */
  async add(entry) {
    const db = await open();
    const { record, key } = await this.walk();
    await done(db.transaction("entries", "readwrite").objectStore("entries").add({ ...entry, record, key, at: Date.now() }));
    tell();
  },

  async waiting() {
    if (!this.begun) return [];
    return done((await open()).transaction("entries").objectStore("entries").getAll());
  },

  /** Calls back with {waiting, problem, refused} now and whenever that changes. */
  watch(listener) {
    listeners.add(listener);
    tell();
  },

  /** Sends what waits, in order, and what cannot be sent now again by itself; `asked`: also a photo given up on here. */
  async send(asked = false) {
    clearTimeout(later);
    if (asked) faults.clear();
    if (!this.begun) return;
    const problem = await (navigator.locks ? navigator.locks.request(DATABASE, sendAll) : sendAll());
    tell(problem);
    if (problem === "no-network") later = setTimeout(() => this.send(), AGAIN_MS);
  },

  /** Takes off the phone what waited for more than seven days. */
  letGoOfTheOld,

  /** Lets go of what waits for a record that was erased, and of its walk. */
  async drop(record) {
    const all = await this.waiting();
    const theirs = all.filter(each => each.record === record);
    if (theirs.length) await remove(theirs);
    if (theirs.length === all.length) await this.forget();
  },

  /** While the page that calls this is open, no other page tidies the walk away. */
  hold() {
    navigator.locks?.request(WALKING, { mode: "shared" }, () => new Promise(() => {}));
  },

  /** Leaves nothing of a walk on this phone: answers, photos, the kept page and the script that serves it. */
  async forget() {
    clearTimeout(later);
    for (const each of [MARK, THEIRS]) localStorage.removeItem(each);
    const db = opening && (await opening.catch(() => null));
    db?.close();
    opening = null;
    await new Promise(then => Object.assign(indexedDB.deleteDatabase(DATABASE), { onsuccess: then, onerror: then, onblocked: then }));
    if ("caches" in window) for (const name of await caches.keys()) await caches.delete(name);
    for (const each of (await navigator.serviceWorker?.getRegistrations()) || []) await each.unregister();
    tell();
  },
};

/** Makes a button forget the walk; while something is not sent it asks first, in the element that follows it. */
export function forgetBy(button, forgotten = () => {}) {
  const sure = button.nextElementSibling;
  const [keep, erase] = sure.querySelectorAll("button");
  const rest = () => (sure.hidden = !(button.hidden = false));
  const forget = () => outbox.forget().then(rest).then(forgotten);
  button.addEventListener("click", async () => {
    if (!(await outbox.waiting().catch(() => [])).length) return forget();
    sure.hidden = !(button.hidden = true);
    keep.focus();
  });
  keep.addEventListener("click", () => (rest(), button.focus()));
  erase.addEventListener("click", forget);
}

async function sendAll() {
  await letGoOfTheOld();
  const lost = new Set(); // records that this browser may not open: theirs wait for seven days, and hold up nobody
  const passed = new Set(); // photos that the server did not keep this time: they stay on the phone, and hold up nothing
  for (;;) {
    const waiting = (await outbox.waiting()).filter(each => !lost.has(each.record) && !passed.has(each.sequence) && !gaveUp(each));
    if (!waiting.length) return passed.size ? "no-network" : lost.size ? "not-found" : null;
    const [{ record, key, photo, sequence }] = waiting;
    const next = photo ? waiting.slice(0, 1) : untilPhoto(waiting).filter(each => each.record === record && each.key === key).slice(0, AT_ONCE);
    const problem = await (photo ? sendPhoto(next[0]) : sendAnswers(record, key, next));
    if (photo && (problem === "fault" || problem === "refused")) {
      passed.add(sequence);
      faults.set(sequence, (faults.get(sequence) || 0) + 1);
      continue;
    }
    if (problem === "fault" || problem === "no-network") return "no-network";
    if (problem) {
      lost.add(record);
      continue;
    }
    await remove(next);
    tell();
  }
}

// A photo that the server did not keep three times is sent again by the next page, not every few seconds.
function gaveUp({ sequence }) {
  return (faults.get(sequence) || 0) >= MOST_FAULTS;
}

function refused({ link_id }) {
  listeners.forEach(each => each({ waiting: 1, refused: link_id })); // no photo after all: the walk goes on without it
  return null;
}

function untilPhoto(waiting) {
  const at = waiting.findIndex(each => each.photo);
  return at < 0 ? waiting : waiting.slice(0, at);
}

async function sendAnswers(record, key, entries) {
  const now = Date.now();
  const body = JSON.stringify({ record, key, entries: entries.map(({ sequence, link_id, answer, at }) => ({ sequence, link_id, answer, ago: ago(now, at) })) });
  return post("/walk/answers", token => ({ headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body }));
}

async function sendPhoto({ record, key, sequence, link_id, photo, at }) {
  const form = new FormData();
  const fields = { record, key: `${key}-${sequence}`, link_id, ago: ago(Date.now(), at) };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("photo", photo, "photo.jpg");
  const problem = await post("/walk/photos", token => ({ headers: { "X-CSRFToken": token }, body: form }));
  return problem === "unreadable" ? refused({ link_id }) : problem;
}

const ago = (now, at) => Math.max(0, Math.round(now - at));

// null when it was heard; "no-network", "not-found" (no such record for this browser), "unreadable" (422: the server has
// looked at it, and it is no photo), "refused" in any other way, or the server's "fault".
async function post(address, options) {
  try {
    const state = await fetch("/walk/state", { cache: "no-store" });
    if (state.status === 404) return "not-found";
    if (!state.ok) return "no-network";
    const { token } = await state.json();
    const answer = await fetch(address, { method: "POST", ...options(token) });
    if (answer.ok) return null;
    if (answer.status === 404) return "not-found";
    if (answer.status === 422) return "unreadable";
    if (answer.status < 500) return "refused";
    return answer.status === 500 ? "fault" : "no-network";
  } catch {
    return "no-network";
  }
}

async function remove(entries) {
  const store = (await open()).transaction("entries", "readwrite").objectStore("entries");
  await Promise.all(entries.map(each => done(store.delete(each.sequence))));
}

async function letGoOfTheOld() {
  const old = (await outbox.waiting()).filter(each => Date.now() - each.at > KEPT_MS);
  if (old.length) await remove(old);
}

function open() {
  opening ||= new Promise((then, fail) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "sequence", autoIncrement: true });
      asked.result.createObjectStore("walk", { keyPath: "id" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close(); // another tab forgets the walk
        opening = null;
      };
      then(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

function done(asked) {
  return new Promise((then, fail) => {
    asked.onsuccess = () => then(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function tell(problem = null) {
  const waiting = await outbox.waiting().catch(() => null);
  if (waiting) listeners.forEach(each => each({ waiting: waiting.length, problem }));
}

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name, value) {
  localStorage.setItem(name, value);
}

// Whose answers are open: a walk of somebody else is not shown to them, with a network or without one.
async function notice(record) {
  const walk = await outbox.walk().catch(() => null);
  if (!walk || !record) return;
  if (walk.record === record) localStorage.removeItem(THEIRS);
  else write(THEIRS, "yes");
}

addEventListener("online", () => outbox.send());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.send());

// On every page: what still waits is sent and can be forgotten; when all is sent and nobody walks, nothing stays.
const place = document.querySelector("#waiting");
if (place && outbox.begun) {
  outbox.watch(({ waiting }) => {
    place.hidden = !waiting;
    if (!waiting && outbox.begun && !document.querySelector("#all-settings")) navigator.locks?.request(WALKING, { ifAvailable: true }, lock => lock && outbox.forget());
  });
  forgetBy(place.querySelector("button"));
  const erased = document.querySelector("[data-erased]");
  if (erased) outbox.drop(erased.dataset.erased);
  notice(place.dataset.record);
  outbox.send();
}

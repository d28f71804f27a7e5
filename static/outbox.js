// What waits on this phone: answers and photos of a walk through the home, until they are sent, seven days at most.
// Nothing else is ever put here, and nothing before the button for it was pressed.

const DATABASE = "firm-footing-walk";
const MARK = "firm-footing-walk"; // in localStorage: whether there is anything to look for, and the place of the walk
const THEIRS = "firm-footing-walk-of-another"; // in localStorage: the answers that were open last are not the walk's
const UNSENT = "firm-footing-walk-unsent"; // in localStorage: what waits, by name, to be told if this browser throws it away
const LOST = "firm-footing-walk-lost"; // in localStorage: what is gone without being sent, by name, until given again
const MARKS = [MARK, THEIRS, UNSENT, LOST];
const WALKING = "firm-footing-walking"; // a lock: some tab shows the walk
const KEEP_MS = 7 * 24 * 3600 * 1000;
const AGAIN_MS = 5000;
const LONGEST_MS = 120_000; // a photo over a slow network takes a minute; one that swallows requests holds up no more than that
const AT_ONCE = 100;
const MOST_FAULTS = 3;

const STRICT = { durability: "strict" }; // complete means on the disk, where a browser can say so

const listeners = new Set();
let opening = null;
let known = null; // the record and the key of the walk, as they were read last
const held = []; // what this phone had no room for: sent from this page, while it is open
const heldKey = newKey();
let heldCount = 0;
const faults = new Map();
let later = 0;
let asks = 0;
let answered = 0;

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
    await this.walk();
    write(MARK, "begun");
    localStorage.removeItem(THEIRS);
    known = { id: "walk", record, key: newKey() };
    await change("walk", store => store.put(known));
    return known;
  },

  /** The record and the key of the walk that was begun, or null. */
  async walk() {
    return this.begun ? (await stored()).walk : null;
  },

  /** Keeps an answer ({link_id, answer}) or a photo ({link_id, photo}) on the phone; without room there, in this page. */
  async add(entry) {
    const at = Date.now();
    try {
      const { record, key } = (await this.walk()) || (await this.begin(known.record));
      await change("entries", store => store.add({ ...entry, record, key, at }));
    } catch {
      held.push({ ...entry, record: known.record, key: heldKey, sequence: ++heldCount, at });
    }
    note(LOST, noted(LOST).filter(each => each !== nameOf({ ...entry, record: known.record })));
    await tell();
  },

  /** What is not sent yet. :throws: this browser does not say what it keeps */
  async waiting() {
    return this.begun ? [...held, ...(await stored()).entries] : [];
  },

  /** Calls back with {waiting, held, lost, problem, refused} now and whenever that changes; see tell. */
  watch(listener) {
    listeners.add(listener);
    tell();
  },

  /** Sends what waits, in order, and what cannot be sent now again by itself; `asked`: also a photo given up on here. */
  async send(asked = false) {
    clearTimeout(later);
    if (asked) faults.clear();
    if (!this.begun) return;
    const problem = await (navigator.locks ? navigator.locks.request(DATABASE, sendAll) : sendAll()).catch(() => "no-network");
    tell(problem);
    if (problem === "no-network") later = setTimeout(() => this.send(), AGAIN_MS);
  },

  /** Takes off the phone what waited for more than seven days. */
  letGoOfTheOld,

  /** Lets go of what waits for a record that was erased, and of its walk. */
  async drop(record) {
    const all = await this.waiting();
    const theirs = all.filter(each => each.record === record);
    await remove(theirs);
    note(LOST, noted(LOST).filter(each => !isOf(record, each)));
    if (theirs.length === all.length) await this.forget();
  },

  /** While the page that calls this is open, no other page tidies the walk away. */
  hold() {
    navigator.locks?.request(WALKING, { mode: "shared" }, () => new Promise(() => {}));
  },

  /** Leaves nothing of a walk on this phone: answers, photos, the kept page and the script that serves it. */
  async forget() {
    clearTimeout(later);
    MARKS.forEach(each => localStorage.removeItem(each));
    held.length = 0;
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
    const waits = await outbox.waiting().then(all => all.length > 0, () => true); // who cannot be asked may hold something
    if (!waits) return forget();
    sure.hidden = !(button.hidden = true);
    keep.focus();
  });
  keep.addEventListener("click", () => (rest(), button.focus()));
  erase.addEventListener("click", forget);
}

async function sendAll() {
  await letGoOfTheOld().catch(() => {}); // what only this page holds is sent all the same
  const lost = new Set(); // records that this browser may not open: theirs wait for seven days, and hold up nobody
  const passed = new Set(); // photos that the server did not keep this time: they stay on the phone, and hold up nothing
  for (;;) {
    const waiting = (await outbox.waiting().catch(() => [...held])).filter(each => !lost.has(each.record) && !passed.has(numberOf(each)) && !gaveUp(each));
    if (!waiting.length) return passed.size ? "no-network" : lost.size ? "not-found" : null;
    const [{ record, key, photo }] = waiting;
    const next = photo ? waiting.slice(0, 1) : untilPhoto(waiting).filter(each => each.record === record && each.key === key).slice(0, AT_ONCE);
    const problem = await (photo ? sendPhoto(next[0]) : sendAnswers(record, key, next));
    if (photo && (problem === "fault" || problem === "refused" || problem === "busy")) {
      const number = numberOf(next[0]);
      passed.add(number);
      if (problem !== "busy") faults.set(number, (faults.get(number) || 0) + 1);
      continue;
    }
    if (problem === "fault" || problem === "busy" || problem === "no-network") return "no-network";
    if (problem) {
      lost.add(record);
      continue;
    }
    await remove(next);
    tell();
  }
}

// A photo that the server did not keep three times is sent again by the next page, not every few seconds.
function gaveUp(entry) {
  return (faults.get(numberOf(entry)) || 0) >= MOST_FAULTS;
}

function numberOf({ key, sequence }) {
  return `${key}-${sequence}`;
}

function refused({ link_id }) {
  listeners.forEach(each => each({ refused: link_id })); // no photo after all: the walk goes on without it
  return null;
}

function untilPhoto(waiting) {
  const at = waiting.findIndex(each => each.photo);
  return at < 0 ? waiting : waiting.slice(0, at);
}

async function sendAnswers(record, key, entries) {
  const now = Date.now();
  const body = JSON.stringify({ record, key, entries: entries.map(({ sequence, link_id, answer, if_open, at }) => ({ sequence, link_id, answer, if_open, ago: ago(now, at) })) });
  const last = Math.max(...entries.map(each => each.sequence));
  const options = token => ({ headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body });
  return post("/walk/answers", options, reply => reply.heard >= last);
}

async function sendPhoto(entry) {
  const { record, link_id, photo, at } = entry;
  const form = new FormData();
  const fields = { record, key: numberOf(entry), link_id, ago: ago(Date.now(), at) };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("photo", photo, "photo.jpg");
  const problem = await post("/walk/photos", token => ({ headers: { "X-CSRFToken": token }, body: form }), reply => reply.address);
  return problem === "unreadable" ? refused({ link_id }) : problem;
}

const ago = (now, at) => Math.max(0, Math.round(now - at));

// null when our server says itself that it has it, not only some network's page; "no-network", "not-found" (no such record for this browser), "unreadable" (422: the server has
// looked at it, and it is no photo), "refused" in any other way, the server's "fault", or "busy" (502 to 504: another time it may well keep it).
async function post(address, options, hasIt) {
  try {
    const state = await fetch("/walk/state", { cache: "no-store", signal: stopLate() });
    if (state.status === 404) return "not-found";
    if (!state.ok) return "no-network";
    const { token } = await state.json();
    const answer = await fetch(address, { method: "POST", signal: stopLate(), ...options(token) });
    if (answer.ok) return hasIt(await answer.json()) ? null : "no-network";
    if (answer.status === 404) return "not-found";
    if (answer.status === 422) return "unreadable";
    if (answer.status < 500) return "refused";
    return answer.status === 500 ? "fault" : "busy";
  } catch {
    return "no-network";
  }
}

// A browser itself may wait for an answer without an end, and all that is sent later waits with it.
function stopLate() {
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), LONGEST_MS);
  return stopping.signal;
}

async function remove(entries) {
  const sent = new Set(entries.map(numberOf));
  held.splice(0, held.length, ...held.filter(each => !sent.has(numberOf(each))));
  const stored = entries.filter(each => each.key !== heldKey);
  if (stored.length) await change("entries", store => stored.forEach(each => store.delete(each.sequence)));
}

async function letGoOfTheOld() {
  const old = (await outbox.waiting()).filter(each => Date.now() - each.at > KEEP_MS);
  await remove(old);
  lose(old.map(nameOf));
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
      asked.result.onclose = () => (opening = null); // this browser throws it away
      then(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  });
  opening.catch(() => (opening = null));
  return opening;
}

async function stored() {
  const reading = (await open()).transaction(["walk", "entries"]);
  const [walk, entries] = await Promise.all([done(reading.objectStore("walk").get("walk")), done(reading.objectStore("entries").getAll())]);
  if (walk) known = walk;
  else if (outbox.begun) lose(noted(UNSENT)), note(UNSENT, []); // thrown away by this browser, with all that waited
  return { walk: walk || null, entries };
}

// A change is there when its transaction is complete: a request that succeeded may still be undone, for want of room.
async function change(name, make) {
  const transaction = (await open()).transaction(name, "readwrite", STRICT);
  const complete = new Promise((then, fail) => {
    transaction.oncomplete = then;
    transaction.onabort = () => fail(transaction.error);
  });
  make(transaction.objectStore(name));
  return complete;
}

function done(asked) {
  return new Promise((then, fail) => {
    asked.onsuccess = () => then(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

// waiting: how many are not sent, null when this browser does not say; held: how many of these are in this page alone;
// lost: the names of what is gone.
async function tell(problem = null) {
  const asked = ++asks;
  const waiting = await outbox.waiting().catch(() => null);
  if (asked < answered) return; // what was read later is told already
  answered = asked;
  if (waiting && outbox.begun) note(UNSENT, waiting.filter(each => each.key !== heldKey).map(nameOf));
  const lost = noted(LOST).filter(each => !known || isOf(known.record, each)).map(each => each.split("/")[1]);
  listeners.forEach(each => each({ waiting: waiting && waiting.length, held: held.length, lost, problem }));
}

function lose(names) {
  note(LOST, [...noted(LOST), ...names]);
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

const nameOf = ({ record, link_id }) => `${record}/${link_id}`;
const isOf = (record, name) => name.startsWith(`${record}/`);
const noted = name => JSON.parse(read(name) || "[]");

function note(name, names) {
  try {
    names.length ? write(name, JSON.stringify([...new Set(names)])) : localStorage.removeItem(name);
  } catch {
    // without room for a name the answer itself is still kept, or sent
  }
}

function newKey() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/[+/]/g, "-");
}

// Whose answers are open: a walk of somebody else is not shown to them, with a network or without one.
async function notice(record) {
  const walk = await outbox.walk().catch(() => null);
  if (!walk || !record) return;
  if (walk.record === record) localStorage.removeItem(THEIRS);
  else write(THEIRS, "yes");
}

addEventListener("beforeunload", event => held.length && event.preventDefault());
addEventListener("online", () => outbox.send());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.send());

// On every page: what still waits is sent and can be forgotten; when all is sent and nobody walks, nothing stays.
const place = document.querySelector("#waiting");
if (place && outbox.begun) {
  const [waits, gone] = place.querySelectorAll("p");
  outbox.watch(({ waiting, lost, refused }) => {
    if (refused) return;
    waits.hidden = !waiting;
    gone.hidden = !lost.length;
    place.hidden = waits.hidden && gone.hidden;
    if (waiting === 0 && gone.hidden && outbox.begun && !document.querySelector("#all-settings")) navigator.locks?.request(WALKING, { ifAvailable: true }, lock => lock && outbox.forget());
  });
  forgetBy(place.querySelector("button"));
  const erased = document.querySelector("[data-erased]");
  if (erased) outbox.drop(erased.dataset.erased);
  notice(place.dataset.record);
  outbox.send();
}

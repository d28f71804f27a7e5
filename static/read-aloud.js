// Reads a page aloud with the phone's own voice, block by block, and shows which block is being read.
// What is folded away is read in its place: it opens, and closes again after its last word. The rest of a plan, room by
// room, is read only where it was opened.

const button = document.querySelector('[data-module="read-aloud"]');
const speech = window.speechSynthesis;
const BLOCKS = "h1, h2, h3, legend, label, p, li, dt, dd, summary, th, td, button, .button";
const SLOWER = 0.85;
const VOICES_WAIT_MS = 1500;
// Apple's jokes and effects, which nobody is read to by; and its robots, only where there is nobody else.
const JOKES = "albert badnews bahh bells boing bubbles cellos deranged goodnews hysterical jester junior organ pipeorgan princess superstar trinoids whisper wobble zarvox".split(" ");
const ROBOTS = "agnes bruce eddy flo fred grandma grandpa kathy ralph reed rocko sandy shelley".split(" ");
let stop = null; // of the one reader, from the tap on it

if (button) {
  button.dataset.ready = "";
  button.addEventListener("click", () => (stop ? stop() : read()));
  addEventListener("pagehide", () => stop && stop());
}

async function read() {
  let going = true;
  stop = () => {
    going = false;
    stop = null;
    speech?.cancel();
    rest();
  };
  button.textContent = button.dataset.stop;
  const voice = await findVoice(document.documentElement.lang);
  if (!going) return;
  if (!voice) {
    stop();
    return tell(button.dataset.none);
  }
  let openFold = null;
  for (const { block, texts } of blocks()) {
    if (!going) return;
    if (openFold && !openFold.contains(block)) openFold = close(openFold);
    const rest = block.closest(".place:not([open])"); // of what can wait only the title is read
    if (rest && block.parentElement !== rest) continue;
    const fold = rest ? null : block.closest("details:not([open])");
    if (fold) (openFold = fold).open = true;
    const words = texts.filter(each => each.parentElement.checkVisibility()).map(each => each.data).join(" ");
    if (!words) continue;
    show(block);
    await say(words, voice);
  }
  if (openFold) close(openFold);
  if (going) stop();
}

// What a person can see in the page's main part, in reading order: each text once, with the block it stands in.
function blocks() {
  const found = [];
  const all = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    const place = all.currentNode.parentElement;
    if (!all.currentNode.data.trim() || place.closest(".unseen, svg, script, style")) continue;
    const block = place.closest(BLOCKS) || place;
    if (found.at(-1)?.block === block) found.at(-1).texts.push(all.currentNode);
    else found.push({ block, texts: [all.currentNode] });
  }
  return found;
}

function close(fold) {
  fold.open = false;
  return null;
}

function say(text, voice) {
  return new Promise(done => {
    const spoken = new SpeechSynthesisUtterance(text.replace(/\s+/g, " ").trim());
    Object.assign(spoken, { voice, lang: voice.lang, rate: SLOWER, onend: done, onerror: done });
    speech.speak(spoken);
  });
}

// Only a voice that lives on the phone: what is read is nobody else's business. Some phones list theirs late.
async function findVoice(lang) {
  if (!speech || typeof SpeechSynthesisUtterance === "undefined") return null;
  const own = () => best(speech.getVoices().filter(each => each.localService), lang);
  return own() || (await new Promise(done => {
    const look = () => own() && done(own());
    speech.addEventListener?.("voiceschanged", look);
    setTimeout(() => done(own() || null), VOICES_WAIT_MS);
  }));
}

// The phone's default where it speaks the page's language; of several (Safari calls all of them that) the person's
// region decides, then whose sound is human, then the phone's own order.
function best(voices, lang) {
  const regions = [...navigator.languages.filter(each => language(each) === lang), ...navigator.languages].map(region);
  const rank = voice => {
    const near = regions.indexOf(region(voice.lang));
    return [voice.default ? 0 : 1, near < 0 ? regions.length : near, isNamed(voice, ROBOTS) ? 1 : 0];
  };
  const before = (one, other) => one.reduce((found, each, at) => found || each - other[at], 0);
  const able = voices.filter(each => language(each.lang) === lang && !isNamed(each, JOKES));
  return able.map(each => [rank(each), each]).sort(([one], [other]) => before(one, other))[0]?.[1];
}

// "en" of en-US, en_US and eng-USA; "et" of Estonian, whichever way a phone writes it, and never "es".
function language(tag) {
  try {
    return Intl.getCanonicalLocales(tag.split(/[-_]/)[0])[0];
  } catch {
    return "";
  }
}

function region(tag) {
  return (tag.split(/[-_]/).slice(1).find(each => /^[a-z]{2,3}$/i.test(each)) || "").slice(0, 2).toUpperCase();
}

function isNamed(voice, names) {
  const own = [voice.name.split("(")[0], (voice.voiceURI || "").split(".").at(-1)];
  return own.some(each => names.includes(each.replace(/\s/g, "").toLowerCase()));
}

function show(block) {
  document.querySelectorAll("[data-reading]").forEach(each => each.removeAttribute("data-reading"));
  block.dataset.reading = "";
  block.scrollIntoView({ block: "nearest" });
}

function rest() {
  document.querySelectorAll("[data-reading]").forEach(each => each.removeAttribute("data-reading"));
  button.textContent = button.dataset.start;
}

function tell(text) {
  const place = document.querySelector("#read-aloud-says");
  place.textContent = text;
  place.hidden = false;
}

// Reads a page aloud with the phone's own voice, block by block, and shows which block is being read.
// What is folded away is read in its place: it opens, and closes again after its last word.

const button = document.querySelector('[data-module="read-aloud"]');
const speech = window.speechSynthesis;
const BLOCKS = "h1, h2, h3, legend, label, p, li, dt, dd, summary, th, td, button, .button";
const SLOWER = 0.85;
const VOICES_WAIT_MS = 1500;
let stop = null;

if (button) {
  button.dataset.ready = "";
  button.addEventListener("click", () => (stop ? stop() : read()));
  addEventListener("pagehide", () => stop && stop());
}

async function read() {
  const lang = document.documentElement.lang;
  const voice = await findVoice(lang);
  if (!voice) return tell(button.dataset.none);
  let going = true;
  stop = () => {
    going = false;
    stop = null;
    speech.cancel();
    rest();
  };
  button.textContent = button.dataset.stop;
  let opened = null;
  for (const { block, texts } of blocks()) {
    if (!going) return;
    if (opened && !opened.contains(block)) opened = close(opened);
    const fold = block.closest("details:not([open])");
    if (fold) (opened = fold).open = true;
    const words = texts.filter(each => each.parentElement.checkVisibility()).map(each => each.data).join(" ");
    if (!words) continue;
    show(block);
    await say(words, voice);
  }
  if (opened) close(opened);
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
    const told = new SpeechSynthesisUtterance(text.replace(/\s+/g, " ").trim());
    Object.assign(told, { voice, lang: voice.lang, rate: SLOWER, onend: done, onerror: done });
    speech.speak(told);
  });
}

// Only a voice that lives on the phone: what is read is nobody else's business. Some phones list theirs late.
async function findVoice(lang) {
  if (!speech || typeof SpeechSynthesisUtterance === "undefined") return null;
  const own = () => speech.getVoices().find(each => each.localService && each.lang.toLowerCase().startsWith(lang));
  return own() || (await new Promise(done => {
    const look = () => own() && done(own());
    speech.addEventListener?.("voiceschanged", look);
    setTimeout(() => done(own() || null), VOICES_WAIT_MS);
  }));
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

// Where nobody used the keyboard, the mouse or the screen for almost 15 minutes, in any tab, the page is locked as by the
// button: what is typed on it goes along and waits.

const IDLE_MS = 14.5 * 60_000, KEY = "firm-footing-at-work";
let last = Date.now();

const note = () => { last = Date.now(); try { localStorage.setItem(KEY, last); } catch { /* this tab alone then */ } };
const elsewhere = () => { try { return Number(localStorage.getItem(KEY)) || 0; } catch { return 0; } };
for (const each of ["keydown", "pointerdown", "scroll"]) addEventListener(each, note, { passive: true });
setInterval(() => { if (Date.now() - Math.max(last, elsewhere()) > IDLE_MS) document.getElementById("lock").click(); }, 15_000);

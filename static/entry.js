// Typing in a filled-in sheet by keys: with the focus in a row, 1 to 9 chooses and goes on, Enter goes on, Backspace
// empties the row, Ctrl and Enter saves. Without this script the page works by touch and by the usual keys.

const form = document.querySelector("#page-form");
const save = form.querySelector("button.go");
const rows = [...form.querySelectorAll("[data-row]")];

form.addEventListener("keydown", event => {
  if (event.isComposing || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(save);
    return;
  }
  const row = event.target.closest("[data-row]");
  if (!row || event.ctrlKey || event.metaKey) return;
  const typing = event.target.type === "text";
  if (event.key === "Enter") {
    event.preventDefault();
    if (!event.repeat) goOn(row, event.target);
  } else if (!typing && event.key === "Backspace") {
    event.preventDefault();
    empty(row);
  } else if (!typing && /^[1-9]$/.test(event.key)) {
    const answer = row.querySelectorAll("input[type=radio]")[event.key - 1];
    if (!answer || event.repeat) return; // a key that is held down answers one question, not all
    event.preventDefault();
    answer.checked = true;
    goOn(row);
  }
});

/** To the next text field of this row, else to the next row, and after the last to the button that saves. */
function goOn(row, from) {
  const texts = [...row.querySelectorAll("input[type=text]")];
  const inside = texts[texts.indexOf(from) + 1];
  if (from && texts.includes(from) && inside) return inside.focus();
  const next = rows[rows.indexOf(row) + 1];
  (next ? next.querySelector("input:checked") || next.querySelector("input") : save).focus();
}

function empty(row) {
  for (const field of row.querySelectorAll("input")) {
    if (field.type === "text") field.value = "";
    else field.checked = false;
  }
}

// The timers of the tests. Each counts seconds up until it is stopped, or to its limit, or down from it; where there is a
// second button, its taps are counted. What came out goes into the field beside it, where it can be changed.

for (const timer of document.querySelectorAll("[data-limit]")) {
  const { limit, field, start, stop } = timer.dataset;
  const [go, tap] = timer.querySelectorAll("button"), shown = timer.querySelector("output");
  const most = Number(limit), into = document.getElementById(field);
  let began = 0, ticking = 0, taps = 0;
  const seconds = () => Math.min((performance.now() - began) / 1000, most);
  const show = () => {
    const left = most - seconds();
    shown.textContent = "down" in timer.dataset ? Math.ceil(left) : seconds().toFixed(1);
    if (left <= 0) end();
  };
  const end = () => {
    clearInterval(ticking);
    ticking = 0;
    go.textContent = start;
    timer.classList.remove("running");
    if (into) into.value = tap ? taps : seconds().toFixed(1);
    if (tap) tap.hidden = true;
    if (seconds() === most) navigator.vibrate?.(400);
  };
  timer.hidden = false;
  go.addEventListener("click", () => {
    if (ticking) return end();
    began = performance.now();
    taps = 0;
    ticking = setInterval(show, 100);
    go.textContent = stop;
    timer.classList.add("running");
    if (tap) tap.hidden = false, tap.firstElementChild.textContent = 0;
  });
  tap?.addEventListener("click", () => { tap.firstElementChild.textContent = ++taps; });
}

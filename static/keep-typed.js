// What was typed into fields that no browser may remember (autocomplete off): kept in this tab from sending until it has
// arrived, so that Back from an error page, or from no network, finds it again. An ordinary page lets go of it.

const KEY = "firm-footing-typed";
const fields = [...document.querySelectorAll('input[autocomplete="off"]')];
const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const isError = document.querySelector("[data-not-arrived], #problem");

try {
  const before = JSON.parse(sessionStorage.getItem(KEY));
  if (before && cameBack && before.path === location.pathname) for (const each of fields) each.value = before.typed[each.name] ?? each.value;
  else if (!isError) sessionStorage.removeItem(KEY);
  addEventListener("submit", ({ target }) => {
    const own = fields.filter(each => each.form === target).map(each => [each.name, each.value]);
    if (own.length) sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, typed: Object.fromEntries(own) }));
  });
} catch {
  // a browser that keeps nothing: the page works without
}

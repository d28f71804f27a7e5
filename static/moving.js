// A list that moves by itself: twice a minute what has this mark is taken anew from the same address.

setInterval(() => {
  if (document.hidden) return;
  const request = new XMLHttpRequest();
  request.responseType = "document";
  request.addEventListener("load", () => {
    const [old, fresh] = [document, request.response].map(each => each?.querySelector("[data-moving]"));
    if (fresh && request.status === 200 && !old.contains(document.activeElement)) old.replaceWith(fresh);
  });
  request.open("GET", document.querySelector("[data-moving]").dataset.moving);
  request.send();
}, 30_000);

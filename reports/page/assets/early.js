/* Before anything is laid out: what scripts will draw is not shown as text first. If they fail, it is. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  addEventListener("error", () => root.dataset.ready || root.classList.remove("scripted"));
})();

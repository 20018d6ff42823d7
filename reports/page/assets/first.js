/* The first screen is there without scripts; these add how long ago it was, what can be copied, light and dark, the wall. */
(() => {
  const { el, run, ago, say } = seatrial;
  const root = document.documentElement;
  const OLD = 3600; /* seconds: after a release a good deal can happen in an hour */

  function aged() {
    for (const time of document.querySelectorAll("#first time")) time.textContent = `${spelt(time)} (${ago(time.dateTime)})`;
    const place = document.querySelector("#first .age");
    const seconds = (Date.now() - Date.parse(run.started)) / 1000 - run.seconds;
    place.hidden = !(seconds > OLD);
    place.textContent = `This report is ${ago(run.started).replace(" ago", "")} old: look again before you act on it.`;
  }

  function spelt(time) {
    time.dataset.spelt ||= time.textContent;
    return time.dataset.spelt;
  }

  function copies() {
    for (const place of document.querySelectorAll("#first [data-copy]")) {
      const label = place.getAttribute("aria-label") || "commit";
      place.after(seatrial.copyButton(place.dataset.copy, label));
    }
  }

  /* What the reader chose before; a browser may refuse to keep anything for a page that is a file. */
  function kept(theme) {
    try {
      if (theme) localStorage.setItem("seatrial-theme", theme);
      return localStorage.getItem("seatrial-theme");
    } catch {
      return theme || null;
    }
  }

  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function dress(theme) {
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    document.getElementById("theme").setAttribute("aria-pressed", String(dark()));
  }

  function turn() {
    dress(kept(dark() ? "light" : "dark"));
    say(dark() ? "Dark" : "Light");
  }

  function wall() {
    root.classList.toggle("wall", seatrial.state.target === "wall");
  }

  seatrial.on("start", () => {
    aged();
    setInterval(aged, 30000);
    copies();
    dress(kept());
    document.getElementById("theme").addEventListener("click", turn);
  });
  seatrial.on("filter", wall);
  seatrial.on("go", wall);
  Object.assign(seatrial, { turn });
})();

// Loads the page again when a file of the site has changed. A page that nobody sees asks for nothing.
(() => {
  const epoch = Number(document.currentScript.dataset.epoch);
  let asking;
  const ask = async () => {
    asking = new AbortController();
    try {
      const answer = await fetch(`/livereload/${epoch}/${Date.now()}`, { signal: asking.signal });
      if (Number(await answer.text()) > epoch) return location.reload();
    } catch (error) {
      if (error.name === "AbortError") return;
      await new Promise((wake) => setTimeout(wake, 1000));
    }
    if (!document.hidden) ask();
  };
  document.addEventListener("visibilitychange", () => { asking?.abort(); if (!document.hidden) ask(); });
  addEventListener("pagehide", () => asking?.abort());
  if (!document.hidden) ask();
})();

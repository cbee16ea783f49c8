// The colours that the reader chose, before anything is painted. Without a choice or without this script, the device's.
(() => {
  const root = document.documentElement, dark = document.getElementById("dark");
  const device = dark.media;
  const chosen = () => { try { return localStorage.getItem("scheme"); } catch { return null; } };
  const show = (scheme) => { dark.media = scheme === "dark" ? "all" : scheme === "light" ? "not all" : device; };
  root.classList.add("js");
  show(chosen());
  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".scheme"), system = matchMedia("(prefers-color-scheme: dark)");
    const now = () => chosen() || (system.matches ? "dark" : "light");
    const name = () => { button.ariaLabel = now() === "dark" ? button.dataset.toLight : button.dataset.toDark; };
    button.hidden = false;
    name();
    system.addEventListener("change", name);
    button.addEventListener("click", () => {
      const next = now() === "dark" ? "light" : "dark";
      try { localStorage.setItem("scheme", next); } catch { /* The choice then holds for this page. */ }
      show(next);
      name();
    });
  });
})();

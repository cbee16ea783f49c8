// Terms explained at first use: a tap shows the definition, a second tap follows the link; Escape hides what is shown.
// Without this script hover and focus still show it, and the link still leads to the glossary.
(() => {
  const shown = "term--shown", hidden = "term--hidden";
  const close = () => document.querySelectorAll("." + shown).forEach((term) => term.classList.remove(shown));
  let touched = false;
  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  document.addEventListener("click", (event) => {
    const term = event.target.closest(".term");
    if (!term || !event.target.closest(".term__word")) return term ? undefined : close();
    if (touched && !term.classList.contains(shown)) {
      event.preventDefault();
      close();
      term.classList.remove(hidden);
      term.classList.add(shown);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    document.querySelectorAll(".term:hover, .term:focus-within").forEach((term) => term.classList.add(hidden));
  });
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      document.querySelectorAll("." + hidden).forEach((term) => {
        if (!term.contains(event.target)) term.classList.remove(hidden);
      });
    });
  }
})();

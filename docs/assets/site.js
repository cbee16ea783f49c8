// What makes a page handier and is not needed to read it.

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

// The headings of the page: open beside a wide page, with a mark at the one that is being read.
(() => {
  const toc = document.querySelector(".toc");
  if (!toc) return;
  const wide = matchMedia("(min-width: 76em)");
  const fit = () => { toc.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
  const links = new Map([...toc.querySelectorAll("a")].map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  const seen = new IntersectionObserver(() => {
    const passed = [...links.keys()].filter((heading) => heading && heading.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link) => link.removeAttribute("aria-current"));
    if (passed.length) links.get(passed.at(-1)).setAttribute("aria-current", "location");
  }, { rootMargin: "0px 0px -66% 0px" });
  links.forEach((_, heading) => heading && seen.observe(heading));
})();

// The menu of a small screen closes on Escape.
(() => {
  const menu = document.querySelector(".menu");
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
})();

// The switch of languages leads to the part that was read last: parts have the same names in all languages.
(() => {
  const READING = 4000; // ms in one place; whoever stays for less is on the way to the switch at the top of the page
  const toc = document.querySelector(".toc");
  let read = location.hash, staying;
  const stay = () => { read = (toc.querySelector("[aria-current]") || { hash: "" }).hash; };
  if (toc) addEventListener("scroll", () => { clearTimeout(staying); staying = setTimeout(stay, READING); }, { passive: true });
  document.querySelector(".languages").addEventListener("click", ({ target }) => {
    const link = target.closest("a");
    if (link) link.hash = read;
  });
})();

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
    const target = document.querySelector("article :target");
    const aimed = target ? target.getBoundingClientRect().top : -1;
    const line = aimed > 0 && aimed < innerHeight ? aimed : innerHeight / 3; // what was asked for, as long as it is in sight
    const passed = [...links.keys()].filter((heading) => heading && heading.getBoundingClientRect().top < line);
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

// A button copies a reference or a block of code. Without this script both can be selected as any text.
(() => {
  const said = document.querySelector(".copied");
  if (!navigator.clipboard || !said) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = said.dataset.copy;
  const main = document.querySelector("main"), filledLater = [...main.querySelectorAll("template")].map((kept) => kept.content);
  [main, ...filledLater].forEach((within) => within.querySelectorAll(".how-to-cite__reference, pre").forEach((block) => {
    const own = button.cloneNode(true), of = block.closest(".how-to-cite__format");
    if (of) own.setAttribute("aria-label", `${said.dataset.copy}: ${of.firstElementChild.textContent}`);
    block.after(own);
  }));
  let ends;
  main.addEventListener("click", async ({ target }) => {
    if (target.className !== "copy") return;
    await navigator.clipboard.writeText(target.previousElementSibling.textContent.trim());
    said.textContent = said.dataset.copied;
    clearTimeout(ends);
    ends = setTimeout(() => { said.textContent = ""; }, 3000);
  });
})();

// How to cite: of the statement that the address names, the entry that stands for any is filled in with what its line
// in the list says. What is filled in stands as each format writes it; tests compare it with the files of all statements.
(() => {
  const box = document.querySelector("#how-to-cite"), here = document.querySelector(".how-to-cite__this");
  if (!here) return;
  const entry = box.querySelector(".how-to-cite__entry"), whole = [...entry.childNodes];
  const now = box.querySelector(".how-to-cite__now"), any = box.querySelectorAll("template");
  const LATEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const WRITTEN = {
    bib: (said) => said.replace(/[\\{}&%$#_~^]/g, (sign) => LATEX[sign] || "\\" + sign),
    json: (said) => JSON.stringify(said).slice(1, -1),
  };
  const show = () => {
    const line = [...document.querySelectorAll(".how-to-cite li > a")].find((link) => link.hash === location.hash);
    here.hidden = now.hidden = !line;
    if (!line) {
      entry.replaceChildren(...whole);
      return;
    }
    const anchor = line.hash.slice(1), said = line.textContent, { home, said: quoted } = line.parentElement.dataset;
    entry.replaceChildren(any[home].content.cloneNode(true));
    const inReference = () => quoted || said.replaceAll("'", "’");
    const texts = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const written = WRITTEN[text.parentElement.dataset.form] || (text.parentElement.closest("pre") ? String : inReference);
      text.data = text.data.replace(/(claim-)?0{7}/g, (_, claim) => (claim ? anchor : written(said)));
    }
    const title = entry.querySelector("em");
    if (/[.?!]”$/.test(title.textContent)) title.nextSibling.data = title.nextSibling.data.replace(/^\./, "");
    const link = now.querySelector("a");
    link.textContent = said;
    link.href = line.hash;
    link.lang = line.lang || document.documentElement.lang;
    const target = document.getElementById(anchor);
    (target.querySelector(".cite") || target.nextElementSibling).after(here);
  };
  here.addEventListener("click", (event) => {
    event.preventDefault(); // the address still names the statement
    box.open = true;
    box.firstElementChild.focus();
    box.scrollIntoView();
  });
  addEventListener("hashchange", show);
  show();
})();

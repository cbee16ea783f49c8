// Leaving a page at once: a click or three presses of Shift hide it and put another page in its place in the history.
// Without this script the control is a plain link. Escape is not used: browsers and screen readers need it.
(() => {
  const control = document.querySelector(".exit"), link = control.querySelector("a"), said = control.querySelector("[role=status]");
  let presses = 0, pause;
  const leave = () => {
    document.documentElement.classList.add("leaving");
    document.title = control.dataset.leaving;
    location.replace(link.href);
  };
  const forget = () => { presses = 0; said.textContent = ""; };
  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    leave();
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) return event.key === "Shift" || forget();
    clearTimeout(pause);
    pause = setTimeout(forget, 5000);
    presses += 1;
    if (presses === 3) return leave();
    said.textContent = presses === 1 ? control.dataset.two : control.dataset.one;
  });
})();

// Keeps what goes wrong, on every page of a visit.
const keep = (what) => {
  sessionStorage.wrong = `${sessionStorage.wrong || ""}${location.pathname}: ${what}\n`;
};
addEventListener("error", ({ message, target }) => keep(message || `not loaded: ${target.src || target.href}`), true);
addEventListener("unhandledrejection", ({ reason }) => keep(reason));
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => keep(`${violatedDirective} ${blockedURI}`));

// What can be seen and used, and what focus_faults.js was not asked about.
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]"))
  .filter((node) => !("visited" in node.dataset))
  .map((node) => node.outerHTML.slice(0, 120))

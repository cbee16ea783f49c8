// Leads on from an address that a page had before, with the place on the page that was asked for. Without a script the
// page itself leads on, a moment later and without the place.
addEventListener("DOMContentLoaded", () => {
  location.replace(document.getElementById("now").href + location.hash);
});

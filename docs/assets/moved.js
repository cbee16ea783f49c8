// Leads on from an address that a page had before, with the place on the page that was asked for. Without a script the
// page itself leads on, a moment later and without the place.
addEventListener("DOMContentLoaded", () => {
  const now = document.getElementById("now");
  location.replace(now.hash ? now.href : now.href + location.hash);
});

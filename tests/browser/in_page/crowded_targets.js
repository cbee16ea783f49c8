// How many targets there are, and those that are too small and too near to others (WCAG 2.5.8): a target measures
// 24 by 24 px, or stands in a sentence, or a circle of 24 px around its middle touches neither another target nor
// such a circle of another small one.
() => {
  const LEAST = 24;
  const inSentence = (node) => {
    if (getComputedStyle(node).display !== "inline") return false;
    let block = node.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const rest = block.cloneNode(true);
    rest.querySelectorAll("a, button, .sign").forEach((target) => target.remove());
    return /\p{L}/u.test(rest.textContent);
  };
  const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
  const apart = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
  const nearest = ([x, y], box) => [Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom)];

  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert], .skip"))
    .map((node) => ({ node, box: node.getBoundingClientRect() }));
  targets.forEach((target) => {
    const { width, height } = target.box;
    target.small = Math.min(width, height) < LEAST - 0.01 && !inSentence(target.node);
  });
  const crowded = targets.filter((one) => one.small && targets.some((other) => {
    const here = middle(one.box);
    if (other === one) return false;
    return apart(here, nearest(here, other.box)) < LEAST / 2 || (other.small && apart(here, middle(other.box)) < LEAST);
  }));
  return [targets.length, crowded.map(({ node, box }) =>
    `${node.localName}.${node.className} "${node.textContent.trim().slice(0, 30)}" in ${node.parentElement.localName}.`
    + `${node.parentElement.className}: ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`)];
}

// How many elements there are, and what moves or would move on a change for longer than a hundredth of a second.
() => {
  const seconds = (times) => Math.max(...times.split(",").map((time) => parseFloat(time) / (time.includes("ms") ? 1000 : 1)));
  const nodes = [...document.querySelectorAll("*")];
  const moving = nodes.flatMap((node) => [undefined, "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(node, part);
    const moves = seconds(style.transitionDuration) > 0.01 || style.scrollBehavior === "smooth"
      || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01);
    return moves ? [`${node.localName}.${node.className}${part || ""}`] : [];
  }));
  return [nodes.length, moving.concat(document.getAnimations().map((one) => one.animationName || one.transitionProperty))];
}

// The element that has the focus: its name, and what is wrong with it as it is seen. Null if none has it.
() => {
  const LEAST_OUTLINE = 2, LEAST_CONTRAST = 3; // px; to one (WCAG 1.4.11)
  const node = document.activeElement, faults = [];
  if (node === document.body) return null;
  node.dataset.visited = "";
  const boxes = [...node.getClientRects()], style = getComputedStyle(node);
  const words = (node.ariaLabel || node.textContent).trim().slice(0, 40);
  const name = `${node.localName}.${node.className} "${words}"`;

  const seen = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  if (!seen || !boxes.some((box) => box.width > 1 && box.height > 1)) faults.push("has the focus and is invisible");

  const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  const reach = outline + parseFloat(style.outlineOffset);
  if (outline < LEAST_OUTLINE) faults.push(`has no outline to be seen: ${style.outline}`);

  // The outline stands out from what it is drawn on: from the element itself, if it is drawn inside.
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const solid = (element) => (numbers(getComputedStyle(element).backgroundColor)[3] ?? 1) > 0.99;
  let ground = reach > 0 ? node.parentElement : node;
  while (ground.parentElement && !solid(ground)) ground = ground.parentElement;
  const colours = [style.outlineColor, getComputedStyle(ground).backgroundColor];
  const [dark, light] = colours.map((colour) => luminance(numbers(colour))).sort((a, b) => a - b);
  const contrast = (light + 0.05) / (dark + 0.05);
  if (contrast < LEAST_CONTRAST) faults.push(`has an outline ${colours.join(" on ")}: ${contrast.toFixed(2)} to 1`);

  // The outline is inside the window and inside every box around it that cuts off what is outside.
  const frames = [{ left: 0, top: 0, right: document.documentElement.clientWidth, bottom: innerHeight, name: "the window" }];
  for (let around = node.parentElement; around !== document.body; around = around.parentElement) {
    if (getComputedStyle(around).overflow === "visible") continue;
    const box = around.getBoundingClientRect(), left = box.left + around.clientLeft, top = box.top + around.clientTop;
    frames.push({ left, top, right: left + around.clientWidth, bottom: top + around.clientHeight,
      name: `${around.localName}.${around.className}` });
  }
  for (const frame of frames) {
    const out = boxes.map((box) => Math.max(
      frame.left - box.left, frame.top - box.top, box.right - frame.right, box.bottom - frame.bottom));
    const cut = Math.max(...out) + Math.max(reach, 0);
    if (cut > 0.5) faults.push(`is cut off by ${frame.name}: ${cut.toFixed(1)} px`);
  }

  // Nothing lies over it.
  for (const box of boxes) {
    const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (over && !node.contains(over)) faults.push(`is covered by ${over.localName}.${over.className}`);
  }
  return { name, faults };
}

// How many colours a picture has, and the share of the commonest.
async (png) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  pen.drawImage(picture, 0, 0);
  const dots = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer), times = new Map();
  for (const dot of dots) times.set(dot, (times.get(dot) || 0) + 1);
  return [times.size, Math.max(...times.values()) / dots.length];
}

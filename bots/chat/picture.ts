/** A picture as PNG bytes. The library is loaded when the first one is drawn. Rejects where it cannot be drawn: a report goes out without it then. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, { fitTo: { mode: 'zoom', value: 2 }, font: { loadSystemFonts: false } });
  return image.asPng();
}

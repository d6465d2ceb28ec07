let canvas: CanvasRenderingContext2D | null | undefined;

/** How wide a text is in the header and the footer of a grid. */
export function textWidth(text: string): number {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return text.length * 12;
  canvas.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
  return canvas.measureText(text).width;
}

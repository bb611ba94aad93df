// Break a text into lines of a picture.

// Where a line may end: at a space, and before or after any ideograph.
const PIECES = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+/gu;

// `context` measures with the font that it has; a word longer than a line is broken.
export function wrap(context, text, width) {
  const lines = [];
  let line = "";
  for (const piece of text.match(PIECES) ?? []) {
    if (line && context.measureText(line + piece).width > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line += line ? piece : piece.trimStart();
    }
    while (context.measureText(line).width > width && line.length > 1) {
      let end = line.length - 1;
      while (end > 1 && context.measureText(line.slice(0, end)).width > width) end -= 1;
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  if (line) lines.push(line.trimEnd());
  return lines;
}

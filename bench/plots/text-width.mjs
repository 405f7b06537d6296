const NARROW = /[ijlftrI.,:;'’|!()[\] ]/;
const WIDE = /[mwMWÅ@%—A-Z]/;

/** About how wide a sans-serif font of a viewer's draws a text, in pixels: nothing is known of it where plots are made. */
export function textWidth({ fontSize, fontWeight }, text) {
  const ems = Array.from(String(text ?? '')).reduce(
    (total, sign) => total + (NARROW.test(sign) ? 0.34 : WIDE.test(sign) ? 0.78 : 0.58),
    0,
  );
  return ems * fontSize * (fontWeight === 'bold' ? 1.08 : 1);
}

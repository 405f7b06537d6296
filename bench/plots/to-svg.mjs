import * as vega from 'vega';
import { compile } from 'vega-lite';
import { LOOK } from './look.mjs';
import { textWidth } from './text-width.mjs';

const OF_ALL = 'role="img" font-family="sans-serif"';

/**
 * A plot as SVG text, the same for the same plot.
 *
 * @param plot - `title` and `description` for those who do not see it, and the Vega-Lite `spec`
 */
export async function toSvg({ title, description, spec }) {
  vega.textMetrics.width = textWidth;
  vega.resetSVGDefIds();
  const { spec: compiled } = compile({ ...spec, config: LOOK });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const said = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  return `${slim(svg).replace(/<svg[^>]*>/, (tag) => `${tag.slice(0, -1)} ${OF_ALL}>${said}`)}\n`;
}

/** A third of what is written says what holds anyway, and nobody sees a hundredth of a pixel. */
function slim(svg) {
  return svg
    .replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))))
    .replace(/<path class="(?:foreground|background)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, '')
    .replace(/ (?:class|pointer-events|aria-[a-z]+|role|font-family|xmlns:xlink)="[^"]*"/g, '')
    .replace(/ (?:opacity="1"|stroke-width="1"|font-weight="normal"|transform="translate\(0,0\)")/g, '');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A plugin of markdown-it: code in a line is shown as it stands, `{{ default }}` too, which Vue would work out. */
export function literalCode(md) {
  md.core.ruler.push('literal_code', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'code_inline') token.attrSet('v-pre', '');
    }
  });
}

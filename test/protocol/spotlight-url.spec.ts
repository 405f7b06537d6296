import { describe, expect, it } from 'vitest';
import { DEFAULT_SPOTLIGHT_URL, spotlightUrl } from '../../lib/protocol/spotlight-url';

const URL_A = 'http://localhost:4000/stream';
const URL_B = 'http://other:5000/stream';

describe('where copies for Spotlight go', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, '', undefined],
    [undefined, ' Yes ', DEFAULT_SPOTLIGHT_URL],
    [undefined, 'off', undefined],
    [undefined, URL_A, URL_A],
    [true, undefined, DEFAULT_SPOTLIGHT_URL],
    [true, URL_A, URL_A],
    [true, '0', DEFAULT_SPOTLIGHT_URL],
    [false, URL_A, undefined],
    [false, '1', undefined],
    [URL_A, undefined, URL_A],
    [URL_A, '0', URL_A],
    [' ', '1', DEFAULT_SPOTLIGHT_URL],
  ])('option %j with the variable %j gives %j', (option, variable, url) => {
    expect(spotlightUrl(option, variable, 'development')).toEqual(url === undefined ? {} : { url });
  });

  it('prefers the URL of the option and warns of the other', () => {
    const decision = spotlightUrl(URL_A, URL_B, undefined);
    expect(decision.url).toBe(URL_A);
    expect(decision.warning).toContain('SENTRY_SPOTLIGHT');
  });

  it('refuses the variable in production and says how to insist', () => {
    const decision = spotlightUrl(undefined, '1', ' Production ');
    expect(decision.url).toBeUndefined();
    expect(decision.warning).toContain('production');
  });

  it('stays silent in production where the variable turns it off anyway', () => {
    expect(spotlightUrl(undefined, 'off', 'production')).toEqual({});
    expect(spotlightUrl(undefined, undefined, 'production')).toEqual({});
  });

  it('follows the option in production', () => {
    expect(spotlightUrl(true, undefined, 'production')).toEqual({ url: DEFAULT_SPOTLIGHT_URL });
  });

  it.each(['maybe', 'ftp://localhost/stream', 'http://'])('is nowhere, with a warning, for %j', (text) => {
    for (const decision of [spotlightUrl(text, undefined, ''), spotlightUrl(undefined, text, '')]) {
      expect(decision.url).toBeUndefined();
      expect(decision.warning).toContain(DEFAULT_SPOTLIGHT_URL);
    }
  });
});

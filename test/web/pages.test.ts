import { expect, it } from 'vitest';
import { views } from '../../web/views.js';
import { inBrowser } from './browser.js';

inBrowser('every view', (opened) => {
  it.each(views.map(({ id }) => id))('%s opens without an error, and asks nothing of another server', async (id) => {
    const { page, errors, foreign } = await opened(`#/${id}`);
    await page.waitForLoadState('networkidle');
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const executablePath = process.env['TEST_CHROMIUM'];

/** The Observatory's panel of versions, in a browser and on the caller's shop. It leaves catalogue at v2. */
export function versionsPanel(shopUrl: () => Promise<string>): void {
  (executablePath ? describe : describe.skip)("the Observatory's panel of versions", () => {
    let url: string;
    let browser: Browser | undefined;
    let page: Page;
    let panel: Locator;

    beforeAll(async () => {
      url = await shopUrl();
      browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
      page = await browser.newPage({ baseURL: url, locale: 'en-GB' });
      page.setDefaultTimeout(60_000);
      panel = page.locator('section.versions');
      await page.goto('/observatory?service=catalogue&window=300');
    });
    afterAll(() => browser?.close());

    const press = async (name: string): Promise<void> => {
      await panel.getByRole('button', { name, exact: true }).click();
    };
    const set = async (label: string, value: number): Promise<void> => {
      await panel.getByLabel(label).fill(String(value));
      await panel.locator('form', { hasText: label }).getByRole('button', { name: 'Set' }).click();
    };
    const happened = (what: string): Promise<void> =>
      panel.locator('.mesh-events li', { hasText: what }).first().waitFor();

    it('offers the next version, and deploys it by a button', async () => {
      const version = panel.getByLabel('Version', { exact: true });
      expect(await version.inputValue()).toBe('v2');
      expect(await panel.getByRole('button', { name: 'Roll back' }).isDisabled()).toBe(true);
      await press('Deploy beside');
      await happened('v2: 0 % of the requests');
    });

    it('sets a share, and shows it beside the measured one with the figures of each version', async () => {
      await set('Canary share', 50);
      await happened('v2: 50 % of the requests');
      for (let request = 0; request < 40; request++) {
        expect((await fetch(`${url}/catalogue/size`)).status).toBe(200);
      }
      for (const version of ['v1', 'v2']) {
        const row = panel.getByRole('row', { name: `catalogue ${version}` });
        await row.getByText('of 50% set').waitFor();
        const [share, , errors, , , count] = await row.getByRole('cell').allTextContents();
        expect(Number.parseFloat(share!)).toBeGreaterThan(0);
        expect(Number.parseFloat(share!)).toBeLessThan(100);
        expect(errors).toBe('0');
        expect(Number(count)).toBeGreaterThan(0);
      }
      await panel.getByRole('row', { name: 'catalogue-v2-1' }).waitFor();
    });

    it('promotes a version, and rolls the next one back', async () => {
      await press('Promote to 100%');
      await happened('v1 is removed');
      await panel.getByLabel('Version', { exact: true }).fill('v3');
      await press('Deploy beside');
      await happened('v3: 0 % of the requests');
      await press('Roll back');
      await happened('v3 is removed');
    });

    it("shows the launcher's refusal", async () => {
      await panel.getByRole('combobox').first().selectOption('queue-master');
      await set('Limit each client to', 5);
      await panel.getByRole('status').getByText('gets its work from the queue').waitFor();
    });
  });
}

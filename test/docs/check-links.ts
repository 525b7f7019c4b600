import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * `tsx test/docs/check-links.ts FOLDER`: holds every link of the generated HTML pages in a folder against its files and their anchors, and exits 1
 * where one leads nowhere. Links to other hosts are counted only.
 */
const folder = process.argv[2] ?? 'docs/api';

/** The values of attributes in tags; what is escaped in them is put back. */
const attributes = (html: string, names: string): string[] =>
  [...html.replace(/<script[\s>].*?<\/script>/gs, (script) => script.replace(/>.*/s, '>')).matchAll(/<[a-z][^<>]*>/gi)].flatMap(
    ([tag]) => [...tag.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, 'g'))].map(([, value]) => value!.replaceAll('&amp;', '&').replaceAll('&quot;', '"')),
  ); // prettier-ignore

const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .map((name) => join(folder, name));
const anchors = new Map(pages.map((page) => [page, new Set(attributes(readFileSync(page, 'utf8'), 'id|name'))]));

/** Why a link of a page leads nowhere; undefined where it leads somewhere. */
function fault(page: string, link: string): string | undefined {
  const [, path = '', anchor = ''] = /^([^#?]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(link) ?? [];
  const asked = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (relative(folder, asked).startsWith('..')) return 'it leaves the folder';
  const target = existsSync(asked) && statSync(asked).isDirectory() ? join(asked, 'index.html') : asked;
  if (!existsSync(target)) return 'there is no such file';
  if (anchor === '' || anchor.startsWith('/') || !target.endsWith('.html')) return undefined; // '#/…' is the address of a view
  return anchors.get(target)?.has(decodeURIComponent(anchor)) ? undefined : 'that page has no such anchor';
}

const links = pages.flatMap((page) =>
  attributes(readFileSync(page, 'utf8'), 'href|src').map((link) => ({ page, link })),
);
const own = links.filter(({ link }) => !/^[a-z]+:/i.test(link));
const broken = own.flatMap(({ page, link }) => {
  const why = fault(page, link);
  return why === undefined ? [] : [`${page}: ${link}: ${why}`];
});
for (const line of new Set(broken)) console.error(line);
console.log(
  `${folder}: ${own.length} links of ${pages.length} pages, ${new Set(broken).size} broken; ${links.length - own.length} to other hosts`,
);
if (broken.length > 0 || pages.length === 0 || own.length === 0) process.exitCode = 1;

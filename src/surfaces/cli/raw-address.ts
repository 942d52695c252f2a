/** Pages that show a file, and the addresses of the file itself. */
const PAGES: readonly { readonly page: RegExp; readonly raw: (match: RegExpExecArray) => string }[] = [
  {
    page: /^https:\/\/(?:www\.)?github\.com\/([^/]+\/[^/]+)\/(?:blob|raw)\/([^?#]+)/i,
    raw: ([, repository, file]) => `https://raw.githubusercontent.com/${repository}/${file}`,
  },
  {
    page: /^(https:\/\/[^/]+\/[^?#]+\/-)\/blob\/([^?#]+)/i,
    raw: ([, project, file]) => `${project}/raw/${file}`,
  },
  {
    page: /^(https:\/\/bitbucket\.org\/[^/]+\/[^/]+)\/src\/([^?#]+)/i,
    raw: ([, repository, file]) => `${repository}/raw/${file}`,
  },
  {
    page: /^https:\/\/gist\.github\.com\/([^/]+\/[\da-f]+)\/?(?:[?#].*)?$/i,
    raw: ([, gist]) => `https://gist.githubusercontent.com/${gist}/raw`,
  },
];

/** Returns the address of the file that a page shows, or `undefined` for what is no such page. */
export function rawAddress(url: string): string | undefined {
  for (const { page, raw } of PAGES) {
    const match = page.exec(url);
    if (match !== null) return raw(match);
  }
  return undefined;
}

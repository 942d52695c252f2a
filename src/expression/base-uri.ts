/** What keeps a URL from being the base of HTTP requests, as the end of a sentence that starts with "it"; else nothing. */
export function baseUriProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not an absolute URL";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `has the scheme ${JSON.stringify(url.protocol.slice(0, -1))}, not http or https`;
  }
  if (url.username !== "" || url.password !== "") return "holds a user name or password";
  if (text.includes("?") || text.includes("#")) return 'holds a "?" or "#"';
  if (/[\s\\]|^https?:(?!\/\/[^/])/i.test(text)) return "is not written as scheme://host";
  return undefined;
}

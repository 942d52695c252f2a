/** Media type of files with an ending, and whether they are texts. */
interface FileType {
  readonly mediaType: string;
  readonly isText: boolean;
}

const text = (mediaType: string): FileType => ({ mediaType, isText: true });
const binary = (mediaType: string): FileType => ({ mediaType, isText: false });

const UNKNOWN = binary("application/octet-stream");

/** By the ending of the name, in lower case. */
const TYPES: Readonly<Record<string, FileType>> = {
  avif: binary("image/avif"),
  bash: text("application/x-sh"),
  bmp: binary("image/bmp"),
  c: text("text/x-c"),
  cfg: text("text/plain"),
  conf: text("text/plain"),
  cpp: text("text/x-c"),
  css: text("text/css"),
  csv: text("text/csv"),
  docx: binary("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
  gif: binary("image/gif"),
  go: text("text/plain"),
  graphql: text("application/graphql"),
  gz: binary("application/gzip"),
  htm: text("text/html"),
  html: text("text/html"),
  ico: binary("image/vnd.microsoft.icon"),
  ini: text("text/plain"),
  java: text("text/x-java-source"),
  jpeg: binary("image/jpeg"),
  jpg: binary("image/jpeg"),
  js: text("text/javascript"),
  json: text("application/json"),
  jsonl: text("application/jsonl"),
  log: text("text/plain"),
  markdown: text("text/markdown"),
  md: text("text/markdown"),
  mdx: text("text/markdown"),
  mjs: text("text/javascript"),
  mp3: binary("audio/mpeg"),
  mp4: binary("video/mp4"),
  ndjson: text("application/x-ndjson"),
  ogg: binary("audio/ogg"),
  otf: binary("font/otf"),
  pdf: binary("application/pdf"),
  png: binary("image/png"),
  pptx: binary("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
  properties: text("text/plain"),
  ps1: text("text/plain"),
  py: text("text/x-python"),
  rb: text("text/plain"),
  rs: text("text/plain"),
  rst: text("text/plain"),
  rtf: text("application/rtf"),
  sh: text("application/x-sh"),
  sql: text("application/sql"),
  svg: text("image/svg+xml"),
  tar: binary("application/x-tar"),
  tif: binary("image/tiff"),
  tiff: binary("image/tiff"),
  toml: text("application/toml"),
  ts: text("text/plain"),
  tsv: text("text/tab-separated-values"),
  ttf: binary("font/ttf"),
  txt: text("text/plain"),
  wasm: binary("application/wasm"),
  wav: binary("audio/wav"),
  webm: binary("video/webm"),
  webp: binary("image/webp"),
  woff: binary("font/woff"),
  woff2: binary("font/woff2"),
  xlsx: binary("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
  xml: text("application/xml"),
  yaml: text("application/yaml"),
  yml: text("application/yaml"),
  zip: binary("application/zip"),
};

/** Returns the media type of a file by the ending of its name; `application/octet-stream` for all others. */
export function mediaTypeOfFile(name: string): string {
  return typeOf(name).mediaType;
}

/** Tells whether files whose names end so are texts. */
export function isTextFile(name: string): boolean {
  return typeOf(name).isText;
}

function typeOf(name: string): FileType {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined) ?? UNKNOWN;
}

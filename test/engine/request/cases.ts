import type { OpenOptions } from "../../../src/engine/open-options.ts";

/** A call, and the request it makes or the error it ends with. */
export interface RequestCase {
  readonly what: string;
  /** Further lines of the operation, as YAML; it is called `op`. */
  readonly operation?: string;
  /** Further lines of the adapter. */
  readonly adapter?: string;
  /** `GET` by default. */
  readonly method?: string;
  /** `/x` by default. */
  readonly path?: string;
  /** `https://api.test/v1` by default. */
  readonly baseUri?: string;
  /** Lines of `binds`; the variables TOKEN, USER and PASSWORD by default. */
  readonly binds?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: OpenOptions;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What is not named is `https://api.test/v1/x`, no headers besides the two of every request, and no body. */
  readonly gives?: {
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Bytes are compared as such, or with a text as UTF-8. */
    readonly body?: string | Uint8Array;
  };
  /** Parts of the error; `says` are parts of its message. */
  readonly fails?: {
    readonly code: string;
    readonly details?: object;
    readonly says?: readonly string[];
  };
}

export interface RequestCases {
  readonly about: string;
  readonly cases: readonly RequestCase[];
}

const q = "inputParameters: [{ name: q, in: query }]";
const id = "inputParameters: [{ name: id, in: path }]";
const h = "inputParameters: [{ name: X-H, in: header }]";
const json = { "content-type": "application/json" };
const partsType = { "content-type": "multipart/form-data; boundary=B" };
const inParts =
  "inputParameters: [{ name: Content-Type, in: header, value: multipart/form-data; boundary=B }]";

function typed(type: string, place = "query"): string {
  return `inputParameters: [{ name: q, in: ${place}, type: ${type} }]`;
}

/** A form in parts under the boundary `B`: what stands behind `form-data; ` of each part, and its content. */
function form(...parts: readonly (readonly [header: string, content: string])[]): string {
  const written = parts.map(
    ([header, content]) => `--B\r\nContent-Disposition: form-data; ${header}\r\n\r\n${content}\r\n`,
  );
  return `${written.join("")}--B--\r\n`;
}

const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;

/** Deeper than the stack is. */
const deep = Array.from({ length: 100_000 }).reduce<unknown>(inner => [inner], 1);

/** A megabyte that a thousand templates name. */
const repeated = [
  `{ name: t, in: environment }, { name: v, in: header, value: "${"v".repeat(1_000_000)}" }`,
  ...Array.from({ length: 1_000 }, (_, index) => `{ name: q${index}, in: query, value: "{{v}}" }`),
].join(", ");

const path: RequestCases = {
  about: "paths",
  cases: [
    {
      what: "a percent sign that begins no escape is one, whatever value comes behind it",
      path: "/100%{id}/5%/%2F?p=9%{id}&q=%zz",
      inputs: { id: "41" },
      gives: { url: "https://api.test/v1/100%2541/5%25/%2F?p=9%2541&q=%25zz" },
    },
    {
      what: "a path at the operation comes behind the resource's",
      path: "/x/{id}/",
      operation: "path: /lines/{line}?all=1#get",
      inputs: { id: "a", line: "b" },
      gives: { url: "https://api.test/v1/x/a/lines/b?all=1" },
    },
    {
      what: "a path at the operation that begins with the resource's is the whole path",
      operation: "path: /x/{line}",
      inputs: { line: "b" },
      gives: { url: "https://api.test/v1/x/b" },
    },
    {
      what: "a path at the operation that only starts alike comes behind the resource's",
      operation: "path: /xy",
      gives: { url: "https://api.test/v1/x/xy" },
    },
    {
      what: "a query at the operation comes behind the resource's path",
      operation: `path: "?a=1"`,
      gives: { url: "https://api.test/v1/x?a=1" },
    },
    {
      what: "an empty path at the operation adds nothing",
      operation: `path: ""`,
    },
    {
      what: "braces without a name, or without their counterpart, are text",
      path: "/{}/{id}}/{{id}/a{",
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/%7B%7D/a%7D/%7Ba/a%7B" },
    },
    { what: "the path behind the base URI" },
    { what: "an empty path adds nothing", path: "", gives: { url: "https://api.test/v1" } },
    { what: "a slash alone stays", path: "/", gives: { url: "https://api.test/v1/" } },
    { what: "a trailing slash stays", path: "/x/", gives: { url: "https://api.test/v1/x/" } },
    { what: "a missing slash is added", path: "x", gives: { url: "https://api.test/v1/x" } },
    { what: "double slashes inside stay", path: "/x//y", gives: { url: "https://api.test/v1/x//y" } },
    {
      what: "slashes in front are one",
      path: "//evil.test/x",
      gives: { url: "https://api.test/v1/evil.test/x" },
    },
    {
      what: "single braces",
      path: "/{id}",
      operation: id,
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/a" },
    },
    {
      what: "double braces",
      path: "/{{id}}",
      operation: id,
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/a" },
    },
    {
      what: "an undeclared placeholder",
      path: "/{id}",
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/a" },
    },
    {
      what: "a placeholder without a slash in front",
      path: "{id}/y",
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/a/y" },
    },
    {
      what: "a placeholder that comes twice",
      path: "/{id}/y/{id}",
      inputs: { id: "a" },
      gives: { url: "https://api.test/v1/a/y/a" },
    },
    {
      what: "placeholders inside segments",
      path: "/items(key='{k}')/{id}.json/v{a}-{b}",
      inputs: { k: "o'1", id: "7", a: "1", b: "2" },
      gives: { url: "https://api.test/v1/items(key='o'1')/7.json/v1-2" },
    },
    {
      what: "names with dots and dashes",
      path: "/{a.b}/{a-b}/{a_b}",
      inputs: { "a.b": "1", "a-b": "2", a_b: "3" },
      gives: { url: "https://api.test/v1/1/2/3" },
    },
    {
      what: "hard characters are percent-encoded",
      path: "/{id}",
      inputs: { id: "a/b?c#d%e+f&g=h i\"j'k😀é\\l:m@n;o,p$q[r]|s^t`u{v}w<x>" },
      gives: {
        url: "https://api.test/v1/a%2Fb%3Fc%23d%25e%2Bf%26g%3Dh%20i%22j'k%F0%9F%98%80%C3%A9%5Cl%3Am%40n%3Bo%2Cp%24q%5Br%5D%7Cs%5Et%60u%7Bv%7Dw%3Cx%3E",
      },
    },
    {
      what: "what is encoded already is encoded again",
      path: "/{id}",
      inputs: { id: "%2e%2e%2f" },
      gives: { url: "https://api.test/v1/%252e%252e%252f" },
    },
    {
      what: "line breaks and NUL are percent-encoded",
      path: "/{id}",
      inputs: { id: "a\r\n\0b" },
      gives: { url: "https://api.test/v1/a%0D%0A%00b" },
    },
    {
      what: "a value is never scanned again",
      path: "/{id}/{x}",
      inputs: { id: "{x}", x: "{{TOKEN}}" },
      env: { TOKEN: "secret" },
      gives: { url: "https://api.test/v1/%7Bx%7D/%7B%7BTOKEN%7D%7D" },
    },
    {
      what: "half a surrogate pair is refused",
      path: "/{id}",
      inputs: { id: "a\ud83d" },
      fails: { code: "INPUT_INVALID", details: { input: "id" }, says: ["surrogate"] },
    },
    ...["", ".", ".."].map(
      (value): RequestCase => ({
        what: `the value ${JSON.stringify(value)} is refused`,
        path: "/a/{id}/b",
        operation: id,
        inputs: { id: value },
        fails: { code: "INPUT_INVALID", details: { input: "id" } },
      }),
    ),
    {
      what: "dots that are no whole segment are values like others",
      path: "/{a}/{b}.json/x{c}",
      inputs: { a: "...", b: ".", c: ".." },
      gives: { url: "https://api.test/v1/.../..json/x.." },
    },
    {
      what: "values that make a dot segment together are refused",
      path: "/{a}{b}/x",
      inputs: { a: ".", b: "." },
      fails: { code: "INPUT_INVALID", details: { input: "b" } },
    },
    {
      what: "a value that makes the file's dot two is refused",
      path: "/{a}./x",
      inputs: { a: "." },
      fails: { code: "INPUT_INVALID", details: { input: "a" } },
    },
    {
      what: "a value that completes an encoded dot is refused",
      path: "/%2E{a}/x",
      inputs: { a: "." },
      fails: { code: "INPUT_INVALID", details: { input: "a" } },
    },
    {
      what: "dot segments of the file stay",
      path: "/./{a}/../x",
      inputs: { a: "b" },
      gives: { url: "https://api.test/v1/./b/../x" },
    },
    {
      what: "numbers and booleans are text",
      path: "/{a}/{b}",
      inputs: { a: 7, b: true },
      gives: { url: "https://api.test/v1/7/true" },
    },
    {
      what: "an array is joined by commas",
      path: "/{id}",
      operation: id,
      inputs: { id: ["a", "b/c", 3] },
      gives: { url: "https://api.test/v1/a%2Cb%2Fc%2C3" },
    },
    {
      what: "an empty array is refused",
      path: "/{id}",
      operation: id,
      inputs: { id: [] },
      fails: { code: "INPUT_INVALID", details: { input: "id" } },
    },
    {
      what: "an object without members is empty",
      path: "/{id}",
      operation: id,
      inputs: { id: {} },
      fails: { code: "INPUT_INVALID", details: { input: "id" } },
    },
    {
      what: "an object is its names and values",
      path: "/{id}",
      operation: id,
      inputs: { id: { a: 1, "b,": true } },
      gives: { url: "https://api.test/v1/a%2C1%2Cb%2C%2Ctrue" },
    },
    {
      what: "a constant in the path",
      path: "/{id}/{v}",
      operation: "inputParameters: [{ name: v, in: path, value: a/b }]",
      inputs: { id: "1" },
      gives: { url: "https://api.test/v1/1/a%2Fb" },
    },
    {
      what: "a template in the path",
      path: "/{v}",
      operation: 'inputParameters: [{ name: v, in: path, value: "{{a}}-{{b}}" }]',
      inputs: { a: "1", b: "2" },
      gives: { url: "https://api.test/v1/1-2" },
    },
    {
      what: "a template in the path that lacks its input",
      path: "/{v}",
      operation: 'inputParameters: [{ name: v, in: path, value: "{{a}}" }]',
      fails: { code: "INPUT_MISSING", details: { inputs: ["a"] } },
    },
    {
      what: "a bind in the path",
      path: "/{{TOKEN}}/{env.USER}",
      env: { TOKEN: "to/ken", USER_NAME: "u" },
      gives: { url: "https://api.test/v1/to%2Fken/u" },
    },
    {
      what: "spaces and parentheses of the file",
      path: "/a b/(c)/é",
      gives: { url: "https://api.test/v1/a%20b/(c)/%C3%A9" },
    },
    {
      what: "encoded characters of the file stay",
      path: "/a%20b%2F",
      gives: { url: "https://api.test/v1/a%20b%2F" },
    },
    {
      what: "a backslash of the file is encoded",
      path: "/a\\b",
      gives: { url: "https://api.test/v1/a%5Cb" },
    },
    { what: "a fragment is dropped", path: "/x#Create", gives: { url: "https://api.test/v1/x" } },
    { what: "a fragment at the root is dropped", path: "/#Create", gives: { url: "https://api.test/v1/" } },
    {
      what: "a path parameter without a placeholder is not sent",
      operation: id,
      inputs: { id: "7" },
      gives: { url: "https://api.test/v1/x" },
    },
  ],
};

const query: RequestCases = {
  about: "queries",
  cases: [
    {
      what: "an array in a place of the path's own query is joined",
      path: "/x?ids={ids}&at=x{p}y",
      operation:
        "inputParameters: [{ name: ids, in: query, type: array }, { name: p, in: path, type: object }]",
      inputs: { ids: ["a", 1], p: { b: 2 } },
      gives: { url: "https://api.test/v1/x?ids=a%2C1&at=xb%2C2y" },
    },
    { what: "an optional input that is absent is left out", operation: q },
    {
      what: "an empty text is sent",
      operation: q,
      inputs: { q: "" },
      gives: { url: "https://api.test/v1/x?q=" },
    },
    {
      what: "several in the order of the file",
      operation: "inputParameters: [{ name: b, in: query }, { name: a, in: query }, { name: c, in: query }]",
      inputs: { a: 1, c: 3, b: 2 },
      gives: { url: "https://api.test/v1/x?b=2&a=1&c=3" },
    },
    {
      what: "hard characters are percent-encoded",
      operation: q,
      inputs: { q: "a/b?c#d%e+f&g=h i\"j'k😀é\r\n" },
      gives: {
        url: "https://api.test/v1/x?q=a%2Fb%3Fc%23d%25e%2Bf%26g%3Dh%20i%22j'k%F0%9F%98%80%C3%A9%0D%0A",
      },
    },
    {
      what: "names are encoded too",
      operation: `inputParameters:
- { name: "page[size]", in: query }
- { name: $top, in: query }
- { name: issue~neq, in: query }
- { name: "a b&c=d", in: query }
- { name: é, in: query }`,
      inputs: { "page[size]": 10, $top: 1, "issue~neq": "x", "a b&c=d": 1, é: 2 },
      gives: {
        url: "https://api.test/v1/x?page%5Bsize%5D=10&%24top=1&issue~neq=x&a%20b%26c%3Dd=1&%C3%A9=2",
      },
    },
    {
      what: "an array repeats the name",
      operation: q,
      inputs: { q: ["a", "b c", 3, true, null, undefined] },
      gives: { url: "https://api.test/v1/x?q=a&q=b%20c&q=3&q=true" },
    },
    { what: "an empty array is left out", operation: q, inputs: { q: [] } },
    {
      what: "an object gives a pair for each member",
      operation: q,
      inputs: { q: { gte: 5, "a&b": "c", none: null, list: [1, 2], deep: { x: { y: 1 } } } },
      gives: {
        url: "https://api.test/v1/x?q%5Bgte%5D=5&q%5Ba%26b%5D=c&q%5Blist%5D=1&q%5Blist%5D=2&q%5Bdeep%5D%5Bx%5D%5By%5D=1",
      },
    },
    {
      what: "an array of objects",
      operation: q,
      inputs: { q: [{ a: 1 }, { a: 2 }] },
      gives: { url: "https://api.test/v1/x?q%5Ba%5D=1&q%5Ba%5D=2" },
    },
    {
      what: "an object that holds itself is refused",
      operation: q,
      inputs: { q: cyclic },
      fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["levels deep"] },
    },
    {
      what: "half a surrogate pair is refused",
      operation: q,
      inputs: { q: ["\ud83d"] },
      fails: { code: "INPUT_INVALID", details: { input: "q" } },
    },
    {
      what: "constants of every scalar type",
      operation: `inputParameters:
- { name: a, in: query, value: x y }
- { name: b, in: query, value: 50 }
- { name: c, in: query, value: false }
- { name: d, in: query, value: "" }
- { name: e, in: query, template: old }
- { name: f, in: query, value: new, template: old }
- { name: g, in: query, value: "{x}" }`,
      gives: { url: "https://api.test/v1/x?a=x%20y&b=50&c=false&d=&e=old&f=new&g=%7Bx%7D" },
    },
    {
      what: "a constant cannot be given",
      operation: "inputParameters: [{ name: a, in: query, value: x }]",
      inputs: { a: "y" },
      fails: { code: "INPUT_UNKNOWN", details: { inputs: ["a"] } },
    },
    {
      what: "a template of one placeholder keeps its value's type",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{ids}}" }]',
      inputs: { ids: [1, 2] },
      gives: { url: "https://api.test/v1/x?a=1&a=2" },
    },
    {
      what: "inside longer text values are text",
      operation:
        'inputParameters: [{ name: a, in: query, value: "<{{s}}|{{n}}|{{b}}|{{l}}|{{o}}|{{none}}>" }]',
      inputs: { s: "x", n: 1.5, b: true, l: ["a", 1], o: { k: "v" } },
      gives: {
        url: `https://api.test/v1/x?a=${encodeURIComponent('<x|1.5|true|["a",1]|{"k":"v"}|>')}`,
      },
    },
    {
      what: "members of an input",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{o.name}}-{{o.list.1}}-{{o.none.x}}" }]',
      inputs: { o: { name: "n", list: [1, 2] } },
      gives: { url: "https://api.test/v1/x?a=n-2-" },
    },
    {
      what: "no members of a prototype",
      operation: `inputParameters:
- { name: a, in: query, value: "{{o.constructor}}" }
- { name: b, in: query, value: "{{o.__proto__}}" }
- { name: c, in: query, value: "{{s.length}}" }
- { name: d, in: query, value: "x{{o.toString}}" }`,
      inputs: { o: { a: 1 }, s: "text" },
      gives: { url: "https://api.test/v1/x?d=x" },
    },
    {
      what: "an optional template without its value is left out",
      operation:
        'inputParameters: [{ name: a, in: query, value: "{{x}}" }, { name: b, in: query, value: "{{y.z}}" }]',
      inputs: { y: { z: null } },
    },
    {
      what: "a required template without its value is an error",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{x}}", required: true }]',
      fails: { code: "INPUT_MISSING", details: { operation: "op", inputs: ["x"] }, says: ['"a"', '"x"'] },
    },
    {
      what: "a bind by its bare name, and with its namespace",
      operation: `inputParameters:
- { name: a, in: query, value: TOKEN }
- { name: b, in: query, value: "{{TOKEN}}" }
- { name: c, in: query, value: "{{env.TOKEN}}" }
- { name: d, in: query, value: "$env.TOKEN {{$env.TOKEN}}" }
- { name: e, in: query, value: TOKENS }`,
      env: { TOKEN: "s&t" },
      gives: { url: "https://api.test/v1/x?a=s%26t&b=s%26t&c=s%26t&d=%24env.TOKEN%20s%26t&e=TOKENS" },
    },
    {
      what: "a bind's value is never scanned again",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{TOKEN}}" }]',
      env: { TOKEN: "{{USER}}", USER_NAME: "u" },
      gives: { url: "https://api.test/v1/x?a=%7B%7BUSER%7D%7D" },
    },
    {
      what: "an input cannot stand in for a bind",
      operation: `inputParameters:
- { name: TOKEN, in: header }
- { name: a, in: query, value: "{{TOKEN}}" }`,
      inputs: { TOKEN: "mine" },
      env: { TOKEN: "theirs" },
      gives: { url: "https://api.test/v1/x?a=theirs", headers: { token: "mine" } },
    },
    { what: "a query in the path is kept", path: "/x?a=1&b", gives: { url: "https://api.test/v1/x?a=1&b" } },
    {
      what: "inputs follow a query in the path",
      path: "/x?a=1",
      operation: q,
      inputs: { q: 2 },
      gives: { url: "https://api.test/v1/x?a=1&q=2" },
    },
    {
      what: "a query in an empty path",
      path: "?a=/b",
      gives: { url: "https://api.test/v1?a=/b" },
    },
    {
      what: "the text of a query in the path is encoded",
      path: '/x?a=é b&c[d]="e"&f=%20+',
      gives: { url: "https://api.test/v1/x?a=%C3%A9%20b&c[d]=%22e%22&f=%20+" },
    },
    {
      what: "a query in the path before a fragment",
      path: "/x?a=1#b?c=2",
      gives: { url: "https://api.test/v1/x?a=1" },
    },
    {
      what: "placeholders in a query in the path",
      path: "/x?a={a}&b=-{b}-&c={c}",
      operation: "inputParameters: [{ name: a, in: query }, { name: c, in: path, value: 3 }]",
      inputs: { a: "1&2", b: "é" },
      gives: { url: "https://api.test/v1/x?a=1%262&b=-%C3%A9-&c=3" },
    },
    {
      what: "an optional placeholder takes its pair along",
      path: "/x?a={a}&b=-{b}&c=1&d={d}",
      operation: "inputParameters: [{ name: a, in: query }, { name: b, in: query }, { name: d, in: query }]",
      gives: { url: "https://api.test/v1/x?b=-&c=1" },
    },
    {
      what: "nothing is left of a query with nothing to say",
      path: "/x?a={a}",
      operation: "inputParameters: [{ name: a, in: query }]",
    },
  ],
};

const header: RequestCases = {
  about: "headers and cookies",
  cases: [
    {
      what: "names in lower case",
      operation: h,
      inputs: { "X-H": "Value" },
      gives: { headers: { "x-h": "Value" } },
    },
    {
      what: "an empty value is sent",
      operation: h,
      inputs: { "X-H": "" },
      gives: { headers: { "x-h": "" } },
    },
    {
      what: "an array is joined by commas",
      operation: h,
      inputs: { "X-H": ["a", 1, true] },
      gives: { headers: { "x-h": "a,1,true" } },
    },
    {
      what: "Latin-1 and tabs are allowed",
      operation: h,
      inputs: { "X-H": "caf\u00e9\t\u00ff" },
      gives: { headers: { "x-h": "caf\u00e9\t\u00ff" } },
    },
    ...["a\r\nB: c", "a\nb", "a\rb", "a\0b", "a\u0100", "😀", "\u007f", "a\u0001"].map(
      (value): RequestCase => ({
        what: `the value ${JSON.stringify(value)} is refused`,
        operation: h,
        inputs: { "X-H": value },
        fails: { code: "INPUT_INVALID", details: { input: "X-H" }, says: ["U+"] },
      }),
    ),
    {
      what: "a line break in an item is refused",
      operation: h,
      inputs: { "X-H": ["a", "b\nc"] },
      fails: { code: "INPUT_INVALID", details: { input: "X-H" } },
    },
    {
      what: "an object is its names and values",
      operation: h,
      inputs: { "X-H": { a: 1, b: "c" } },
      gives: { headers: { "x-h": "a,1,b,c" } },
    },
    {
      what: "an object in an object is refused",
      operation: h,
      inputs: { "X-H": { a: {} } },
      fails: { code: "INPUT_INVALID", details: { input: "X-H" } },
    },
    ...["Host", "connection", "Transfer-Encoding", "TE", "Upgrade", "Proxy-Authorization", "Expect"].map(
      (name): RequestCase => ({
        what: `${name} is the transport's`,
        operation: `inputParameters: [{ name: ${name}, in: header, required: true }]`,
        inputs: { [name]: "1" },
        fails: { code: "INPUT_INVALID", details: { input: name }, says: ["transport"] },
      }),
    ),
    {
      what: "a header of the transport may be left out",
      operation: "inputParameters: [{ name: Host, in: header, required: true }]",
    },
    {
      what: "a content length, which follows from the body, is left to the transport",
      method: "POST",
      operation:
        "inputParameters: [{ name: Content-Length, in: header, type: integer, required: true }, { name: body, in: body }]",
      inputs: { "Content-Length": 99, body: {} },
      gives: { body: "{}", headers: json },
    },
    {
      what: "a header of the transport that the file fixes is not sent",
      operation:
        "inputParameters: [{ name: host, in: header, value: evil.test }, { name: Content-Length, in: header, value: '{{n}}' }]",
    },
    ...["a b", "a:b", "é", "a\r\nb", "__proto__", "__Proto__"].map(
      (name): RequestCase => ({
        what: `the name ${JSON.stringify(name)} is refused`,
        operation: `inputParameters: [{ name: ${JSON.stringify(name)}, in: header }]`,
        inputs: JSON.parse(`{${JSON.stringify(name)}:"1"}`) as Record<string, unknown>,
        fails: { code: "INPUT_INVALID", details: { input: name }, says: ["not a valid header name"] },
      }),
    ),
    {
      what: "names like members of a prototype are names",
      operation: "inputParameters: [{ name: constructor, in: header }, { name: toString, in: header }]",
      inputs: { constructor: "a", toString: "b" },
      gives: { headers: { constructor: "a", tostring: "b" } },
    },
    {
      what: "the operation's level wins, without regard to case",
      adapter:
        "inputParameters: [{ name: Api-Version, in: header, value: 1 }, { name: X-A, in: header, value: a }]",
      operation: 'inputParameters: [{ name: api-version, in: header, value: "7" }]',
      gives: { headers: { "api-version": "7", "x-a": "a" } },
    },
    {
      what: "an input wins over the defaults",
      operation: "inputParameters: [{ name: Accept, in: header }, { name: User-Agent, in: header }]",
      inputs: { Accept: "text/csv", "User-Agent": "me" },
      gives: { headers: { accept: "text/csv", "user-agent": "me" } },
    },
    {
      what: "a constant wins over the defaults",
      operation: "inputParameters: [{ name: Accept, in: header, value: application/vnd.x+json }]",
      gives: { headers: { accept: "application/vnd.x+json" } },
    },
    {
      what: "what is asked for is of the raw format",
      operation: "outputRawFormat: TEXT",
      gives: { headers: { accept: "text/plain, */*" } },
    },
    {
      what: "one header for all cookies",
      operation:
        "inputParameters: [{ name: a, in: cookie }, { name: b, in: cookie }, { name: c, in: cookie }]",
      inputs: { a: "1", b: 2 },
      gives: { headers: { cookie: "a=1; b=2" } },
    },
    {
      what: "what a cookie cannot hold is percent-encoded",
      operation: 'inputParameters: [{ name: "a b=", in: cookie }]',
      inputs: { "a b=": 'x;y,z "é\\😀%' },
      gives: { headers: { cookie: "a%20b%3D=x%3By%2Cz%20%22%C3%A9%5C%F0%9F%98%80%" } },
    },
    {
      what: "an array in a cookie",
      operation: "inputParameters: [{ name: a, in: cookie }]",
      inputs: { a: [1, 2] },
      gives: { headers: { cookie: "a=1%2C2" } },
    },
    {
      what: "line breaks in a cookie are refused",
      operation: "inputParameters: [{ name: a, in: cookie }]",
      inputs: { a: "x\r\ny" },
      fails: { code: "INPUT_INVALID", details: { input: "a" } },
    },
    {
      what: "cookies follow a header of cookies",
      operation: "inputParameters: [{ name: Cookie, in: header }, { name: a, in: cookie, value: 1 }]",
      inputs: { Cookie: "s=t" },
      gives: { headers: { cookie: "s=t; a=1" } },
    },
    {
      what: "a template that makes a value no header can have",
      operation: 'inputParameters: [{ name: X-H, in: header, value: "a{{x}}" }]',
      inputs: { x: "\n" },
      fails: { code: "INPUT_INVALID", details: { input: "X-H" } },
    },
  ],
};

const baseUri: RequestCases = {
  about: "base URIs",
  cases: [
    {
      what: "a space in its path is encoded",
      baseUri: "https://api.test/my api/",
      gives: { url: "https://api.test/my%20api/x" },
    },
    {
      what: "a fixed path parameter fills its placeholder",
      baseUri: "https://{region}.api.test/{version}",
      adapter: "inputParameters: [{ name: version, in: path, value: v2 }]",
      inputs: { region: "eu" },
      gives: { url: "https://eu.api.test/v2/x" },
    },
    {
      what: "a path parameter that is a template fills its placeholder",
      baseUri: "https://{region}.api.test",
      adapter: "inputParameters: [{ name: region, in: path, value: '{{TOKEN}}-{{zone}}' }]",
      env: { TOKEN: "eu" },
      inputs: { zone: "1" },
      gives: { url: "https://eu-1.api.test/x" },
    },
    {
      what: "no value in a template of a path parameter changes the host",
      baseUri: "https://{region}.api.test",
      adapter: "inputParameters: [{ name: region, in: path, value: 'a{{zone}}' }]",
      inputs: { zone: "@evil.test/" },
      fails: { code: "INPUT_INVALID", details: { input: "region" }, says: ["base URI"] },
    },
    {
      what: "of inputs that share the name of a placeholder the path's fills it",
      baseUri: "https://{site}.api.test",
      path: "/{site}",
      operation: "inputParameters: [{ name: site, in: query }, { name: site, in: path }]",
      inputs: { "query:site": "q", "path:site": "p" },
      gives: { url: "https://p.api.test/p?site=q" },
    },
    {
      what: "of inputs that share the name of a placeholder, and none in the path, the first fills it",
      baseUri: "https://{site}.api.test",
      operation: "inputParameters: [{ name: site, in: query }, { name: site, in: header }]",
      inputs: { "query:site": "q", "header:site": "h" },
      gives: { url: "https://q.api.test/x?site=q", headers: { site: "h" } },
    },
    ...["https://api.test/v1/", "https://api.test/v1//"].map(
      (uri): RequestCase => ({ what: `slashes at the end of ${uri}`, baseUri: uri }),
    ),
    { what: "without a path", baseUri: "https://api.test", gives: { url: "https://api.test/x" } },
    { what: "with spaces around it", baseUri: " https://api.test/v1 " },
    {
      what: "with upper case and a port",
      baseUri: "HTTPS://API.test:8443/V1",
      gives: { url: "https://api.test:8443/V1/x" },
    },
    {
      what: "with a line break",
      baseUri: "https://api.test/a\nb",
      fails: { code: "REQUEST_INVALID", says: ["scheme://host"] },
    },
    {
      what: "with other letters",
      baseUri: "https://münchen.test/é",
      gives: { url: "https://xn--mnchen-3ya.test/%C3%A9/x" },
    },
    {
      what: "an empty one is an error of the call",
      baseUri: "",
      fails: { code: "BASE_URI_MISSING", details: { operation: "op", namespace: "api" }, says: ["baseUri"] },
    },
    {
      what: "an option in place of an empty one",
      baseUri: "",
      options: { baseUri: "http://127.0.0.1:8080/api/" },
      gives: { url: "http://127.0.0.1:8080/api/x" },
    },
    {
      what: "an option by namespace",
      options: { baseUri: { api: "http://other.test" } },
      gives: { url: "http://other.test/x" },
    },
    {
      what: "braces in an option are text",
      options: { baseUri: "http://other.test/{x}" },
      gives: { url: "http://other.test/%7Bx%7D/x" },
    },
    ...[
      ["api.test/v1", "not an absolute URL"],
      ["//api.test", "not an absolute URL"],
      ["ftp://api.test", "ftp"],
      ["file:///etc", "file"],
      ["https://user:pass@api.test", "user name"],
      ["https://@api.test", "user name"],
      ["https://api.test/v1?a=b", '"?"'],
      ["https://api.test/v1#a", '"#"'],
      ["https:/api.test", "scheme://host"],
      ["https://api.test\\v1", "scheme://host"],
      ["https://", "not an absolute URL"],
      ["https://api.test:99999", "not an absolute URL"],
    ].map(
      ([uri = "", reason = ""]): RequestCase => ({
        what: `${uri} is refused`,
        baseUri: uri,
        fails: { code: "REQUEST_INVALID", details: { operation: "op" }, says: [reason] },
      }),
    ),
    {
      what: "placeholders are inputs",
      baseUri: "https://{region}.{{site}}.test/v{version}",
      inputs: { region: "eu-1", site: "a.b", version: 2 },
      gives: { url: "https://eu-1.a.b.test/v2/x" },
    },
    {
      what: "placeholders are needed",
      baseUri: "https://{region}.test",
      fails: { code: "INPUT_MISSING", details: { inputs: ["region"] } },
    },
    ...[
      "evil.com/",
      "a@b",
      "x#",
      "x?",
      "..",
      ".",
      "a:80",
      "a\\b",
      "a b",
      "a%2fb",
      "é",
      "",
      "[::1]",
      "a\n",
      "{{TOKEN}}",
    ].map(
      (value): RequestCase => ({
        what: `${JSON.stringify(value)} in a placeholder is refused`,
        baseUri: "https://{region}.api.test/v1",
        inputs: { region: value },
        fails: { code: "INPUT_INVALID", details: { input: "region" }, says: ["base URI"] },
      }),
    ),
    {
      what: "a list in a placeholder is refused",
      baseUri: "https://{region}.api.test/v1",
      inputs: { region: ["a"] },
      fails: { code: "INPUT_INVALID", details: { input: "region" } },
    },
    {
      what: "placeholders are taken, and not needed, where an option replaces them",
      baseUri: "https://{region}.test",
      options: { baseUri: "http://other.test" },
      inputs: { region: "eu" },
      gives: { url: "http://other.test/x" },
    },
    {
      what: "a bind is the base URI",
      baseUri: "{{TOKEN}}",
      env: { TOKEN: "https://other.test/a/" },
      gives: { url: "https://other.test/a/x" },
    },
    {
      what: "a bind that is no base URI",
      baseUri: "{{TOKEN}}/v1",
      env: { TOKEN: "other.test" },
      fails: { code: "REQUEST_INVALID", says: ["{{TOKEN}}/v1"] },
    },
    {
      what: "a bind cannot bring another host",
      baseUri: "https://{{TOKEN}}.test/v1",
      env: { TOKEN: "evil.com@a" },
      fails: { code: "REQUEST_INVALID", says: ["user name"] },
    },
    {
      what: "a bind that is missing",
      baseUri: "{{TOKEN}}",
      fails: { code: "BIND_MISSING", details: { variables: ["TOKEN"] } },
    },
  ],
};

const body: RequestCases = {
  about: "bodies",
  cases: [
    {
      what: "a text under a content type that is not JSON is the body",
      method: "POST",
      operation: `inputParameters: [{ name: body, in: body, type: object }, { name: Content-Type, in: header, value: text/xml }]`,
      inputs: { body: "<a>1</a>" },
      gives: { body: "<a>1</a>", headers: { "content-type": "text/xml" } },
    },
    {
      what: "a text under a content type that the caller gives is the body",
      method: "POST",
      operation: `inputParameters: [{ name: body, in: body, type: object }, { name: Content-Type, in: header }]`,
      inputs: { body: "a=1&b=2", "Content-Type": "application/x-www-form-urlencoded" },
      gives: { body: "a=1&b=2", headers: { "content-type": "application/x-www-form-urlencoded" } },
    },
    {
      what: "a JSON text under the content type of forms is a form",
      method: "POST",
      operation: `inputParameters: [{ name: body, in: body, type: object }, { name: Content-Type, in: header, value: application/x-www-form-urlencoded }]`,
      inputs: { body: '{"a":"1 2","b":[3,4]}' },
      gives: { body: "a=1+2&b=3&b=4", headers: { "content-type": "application/x-www-form-urlencoded" } },
    },
    {
      what: "a text under a content type of JSON has to be JSON",
      method: "POST",
      operation: `inputParameters: [{ name: body, in: body, type: object }, { name: Content-Type, in: header, value: application/json }]`,
      inputs: { body: "<a>1</a>" },
      fails: { code: "INPUT_INVALID", says: ["is not JSON"] },
    },
    {
      what: "the input body is the whole body",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: { name: "é", list: [1, null, { a: true }], none: undefined } },
      gives: { headers: json, body: '{"name":"é","list":[1,null,{"a":true}]}' },
    },
    {
      what: "a list as the whole body",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: [1, 2] },
      gives: { headers: json, body: "[1,2]" },
    },
    {
      what: "a text for an object is its JSON",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: ' {"a": 1} ' },
      gives: { headers: json, body: '{"a":1}' },
    },
    {
      what: "a text for an object that is no JSON",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: '{"a": 1,}' },
      fails: { code: "INPUT_INVALID", details: { input: "body" }, says: ["line 1, column 9"] },
    },
    {
      what: "a text for an object that is other JSON",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: "5" },
      fails: { code: "INPUT_INVALID", details: { input: "body" }, says: ["an object"] },
    },
    {
      what: "the type string as text",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: string }]",
      inputs: { body: '{"é"}' },
      gives: { headers: { "content-type": "text/plain" }, body: '{"é"}' },
    },
    {
      what: "any text without a type as JSON",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body }]",
      inputs: { body: 'a "b"' },
      gives: { headers: json, body: '"a \\"b\\""' },
    },
    {
      what: "any text without a type under another content type as text",
      method: "POST",
      operation:
        "inputParameters: [{ name: body, in: body }, { name: Content-Type, in: header, value: application/xml }]",
      inputs: { body: "<a/>" },
      gives: { headers: { "content-type": "application/xml" }, body: "<a/>" },
    },
    {
      what: "numbers, booleans and empty texts are bodies",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: number }]",
      inputs: { body: 0 },
      gives: { headers: json, body: "0" },
    },
    {
      what: "an absent body is none",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
    },
    {
      what: "null is no body",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: null },
    },
    {
      what: "a body of GET is sent where it is given",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: { a: 1 } },
      gives: { headers: json, body: '{"a":1}' },
    },
    {
      what: "a required body that is absent",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object, required: true }]",
      inputs: { body: null },
      fails: { code: "INPUT_MISSING", details: { inputs: ["body"] } },
    },
    {
      what: "a body that holds itself",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: cyclic },
      fails: { code: "INPUT_INVALID", details: { input: "body" }, says: ["circular"] },
    },
    {
      what: "a body that nests deeper than the stack",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: deep },
      fails: {
        code: "INPUT_INVALID",
        details: { input: "body" },
        says: ["cannot be written as JSON: it nests too deeply"],
      },
    },
    {
      what: "a member of a body that nests deeper than the stack",
      method: "POST",
      operation: "inputParameters: [{ name: a, in: body, type: array }]",
      inputs: { a: deep },
      fails: { code: "REQUEST_INVALID", says: ["it nests too deeply"] },
    },
    {
      what: "a query that nests deeper than the stack",
      operation: "inputParameters: [{ name: q, in: query, type: array }]",
      inputs: { q: deep },
      fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["levels deep"] },
    },
    {
      what: "a text that a thousand parameters repeat",
      operation: `inputParameters: [${repeated}]`,
      fails: { code: "REQUEST_INVALID", says: ["its templates make more than 64 million characters"] },
    },
    {
      what: "a text that a body repeats",
      method: "POST",
      operation: `inputParameters: [{ name: v, in: query }]\nbody: '${JSON.stringify(Array.from({ length: 100 }, () => "a{{v}}"))}'`,
      inputs: { v: "v".repeat(1_000_000) },
      fails: { code: "REQUEST_INVALID", says: ["its templates make more than 64 million characters"] },
    },
    {
      what: "integers beyond a double's precision",
      method: "POST",
      operation: "inputParameters: [{ name: body, in: body, type: object }]",
      inputs: { body: { id: 12345678901234567890n, list: [-9007199254740993n, "1n"] } },
      gives: { headers: json, body: '{"id":12345678901234567890,"list":[-9007199254740993,"1n"]}' },
    },
    {
      what: "other inputs are the members",
      method: "POST",
      operation: `inputParameters:
- { name: a, in: body, type: string }
- { name: b, in: body, type: integer }
- { name: c, in: body, type: object }
- { name: d, in: body, value: fixed }
- { name: e, in: body, value: "{{x}}" }
- { name: f, in: body, type: array }
- { name: g, in: body }`,
      inputs: { a: "00123", b: "7", c: '{"k":[1]}', x: true, g: null },
      gives: { headers: json, body: '{"a":"00123","b":7,"c":{"k":[1]},"d":"fixed","e":true,"g":null}' },
    },
    {
      what: "a member of a big integer",
      method: "POST",
      operation: "inputParameters: [{ name: id, in: body, type: integer }]",
      inputs: { id: "12345678901234567890" },
      gives: { headers: json, body: '{"id":12345678901234567890}' },
    },
    {
      what: "members called like those of a prototype",
      method: "POST",
      operation:
        "inputParameters: [{ name: __proto__, in: body }, { name: constructor, in: body }, { name: hasOwnProperty, in: body }]",
      inputs: JSON.parse('{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3}') as Record<
        string,
        unknown
      >,
      gives: { headers: json, body: '{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3}' },
    },
    {
      what: "no members are no body",
      method: "POST",
      operation: "inputParameters: [{ name: a, in: body }, { name: b, in: body }]",
    },
    {
      what: "a content type of the caller's is kept",
      method: "PATCH",
      operation:
        "inputParameters: [{ name: body, in: body, type: object }, { name: content-type, in: header }]",
      inputs: { body: { a: 1 }, "content-type": "application/merge-patch+json" },
      gives: { headers: { "content-type": "application/merge-patch+json" }, body: '{"a":1}' },
    },
    {
      what: "members as a form",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: application/x-www-form-urlencoded }
- { name: a, in: body }
- { name: b c, in: body }
- { name: d, in: body }`,
      inputs: { a: "x y&z=é+~", "b c": [1, "2"], d: { k: 1 } },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "a=x+y%26z%3D%C3%A9%2B%7E&b+c=1&b+c=2&d=%7B%22k%22%3A1%7D",
      },
    },
    {
      what: "a whole body as a form",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: application/x-www-form-urlencoded; charset=utf-8 }
- { name: body, in: body, type: object }`,
      inputs: { body: { a: "b&c", none: null, big: 12345678901234567890n } },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: "a=b%26c&big=12345678901234567890",
      },
    },
    {
      what: "members as parts of a form, under a boundary that the content type names",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: multipart/form-data; boundary=B }
- { name: a, in: body }
- { name: list, in: body, type: array }
- { name: o, in: body, type: object }
- { name: file, in: body }
- { name: none, in: body }`,
      inputs: { a: "x\r\ny", list: [1, true], o: { k: "é" }, file: new TextEncoder().encode("bytes") },
      gives: {
        headers: { "content-type": "multipart/form-data; boundary=B" },
        body: form(
          ['name="a"', "x\r\ny"],
          ['name="list"', "1"],
          ['name="list"', "true"],
          ['name="o"\r\nContent-Type: application/json', '{"k":"é"}'],
          ['name="file"; filename="file"\r\nContent-Type: application/octet-stream', "bytes"],
        ),
      },
    },
    {
      what: "a whole body as parts of a form",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: Multipart/Form-Data;boundary="B" }
- { name: body, in: body, type: object }`,
      inputs: { body: '{"a":"1"}' },
      gives: {
        headers: { "content-type": 'Multipart/Form-Data;boundary="B"' },
        body: form(['name="a"', "1"]),
      },
    },
    {
      what: "members as XML",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: application/xml }
- { name: name, in: body }
- { name: tags, in: body }
- { name: none, in: body }`,
      inputs: { name: "<A & B>", tags: ["x", { "@id": 1, "": "y" }, null] },
      gives: {
        headers: { "content-type": "application/xml" },
        body: '<?xml version="1.0" encoding="UTF-8"?><root><name>&lt;A &amp; B&gt;</name><tags>x</tags><tags id="1">y</tags><tags/></root>',
      },
    },
    {
      what: "a whole body of one member as XML",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: application/soap+xml; charset=utf-8 }
- { name: body, in: body, type: object }`,
      inputs: { body: { "s:order": { "@xmlns:s": "urn:s", line: [{ n: 1 }, { n: 2 }], note: "" } } },
      gives: {
        headers: { "content-type": "application/soap+xml; charset=utf-8" },
        body: '<?xml version="1.0" encoding="UTF-8"?><s:order xmlns:s="urn:s"><line><n>1</n></line><line><n>2</n></line><note/></s:order>',
      },
    },
    {
      what: "a list as XML",
      method: "POST",
      operation: `inputParameters:
- { name: Content-Type, in: header, value: text/xml }
- { name: body, in: body, type: array }`,
      inputs: { body: [1, [2]] },
      gives: {
        headers: { "content-type": "text/xml" },
        body: '<?xml version="1.0" encoding="UTF-8"?><root><item>1</item><item><item>2</item></item></root>',
      },
    },
    ...(
      [
        ["a name that XML has not", { "a b": 1 }, '"a b" is no name of an XML element'],
        ["a name that would be markup", { "a><b": 1, c: 2 }, "is no name of an XML element"],
        ["an attribute that would be markup", { a: { "@x='1' y": 1 } }, "is no name of an XML attribute"],
        ["an object in an attribute", { a: { "@x": {} } }, "an object cannot stand where XML has text only"],
        ["a character that XML has not", { a: "\u0001" }, "a character that XML cannot"],
        ["half a character", { a: "\ud800" }, "a character that XML cannot"],
        ["a body that holds itself", { a: cyclic }, "nested more than 100 levels deep"],
      ] as const
    ).map(
      ([what, value, says]): RequestCase => ({
        what: `XML refuses ${what}`,
        method: "POST",
        operation: `inputParameters:
- { name: Content-Type, in: header, value: application/xml }
- { name: body, in: body, type: object }`,
        inputs: { body: value },
        fails: { code: "INPUT_INVALID", details: { input: "body" }, says: [says] },
      }),
    ),
    {
      what: "a text for an object that is no JSON, under another content type",
      method: "POST",
      operation:
        "inputParameters: [{ name: Content-Type, in: header }, { name: body, in: body, type: object }]",
      inputs: { "Content-Type": "application/xml", body: "<a/>" },
      gives: { headers: { "content-type": "application/xml" }, body: "<a/>" },
    },
    {
      what: "bytes as the whole body",
      method: "PUT",
      operation: "inputParameters: [{ name: body, in: body, type: string }]",
      inputs: { body: new Uint8Array([255, 0]) },
      gives: { headers: { "content-type": "application/octet-stream" }, body: new Uint8Array([255, 0]) },
    },
    {
      what: "bytes under the content type that is declared",
      method: "PUT",
      operation:
        "inputParameters: [{ name: Content-Type, in: header, value: image/png }, { name: body, in: body, type: object }]",
      inputs: { body: new Uint8Array([137, 80]) },
      gives: { headers: { "content-type": "image/png" }, body: new Uint8Array([137, 80]) },
    },
    {
      what: "bytes as a member of JSON",
      method: "POST",
      operation: "inputParameters: [{ name: a, in: body }]",
      inputs: { a: new Uint8Array([1]) },
      fails: { code: "REQUEST_INVALID", says: ["a is a file, which only multipart/form-data can hold"] },
    },
    {
      what: "bytes where there is no body",
      operation: q,
      inputs: { q: new Blob(["x"]) },
      fails: { code: "INPUT_INVALID", details: { input: "q" }, says: ["a file, which only a body can hold"] },
    },
    {
      what: "bytes in a template where there is no body",
      operation: 'inputParameters: [{ name: q, in: query, value: "{{f}}" }]',
      inputs: { f: new Uint8Array([1]) },
      fails: { code: "INPUT_INVALID", says: ["a file, which only a body can hold"] },
    },
  ],
};

const templates: RequestCases = {
  about: "body templates",
  cases: [
    {
      what: "the words for whoever calls stand for no input",
      method: "POST",
      operation: `body: { type: json, data: { title: "{{tools.title}}", tags: "{{rest.tags}}", by: "{{mcp.who.name}}" } }`,
      inputs: { title: 'A "b"', tags: ["x"], who: { name: "Ann" } },
      gives: { body: '{"title":"A \\"b\\"","tags":["x"],"by":"Ann"}', headers: json },
    },
    {
      what: "an input that has the name of such a word comes first",
      method: "POST",
      operation: `
inputParameters: [{ name: tools, in: query, type: object }]
body: { type: json, data: { title: "{{tools.title}}" } }`,
      inputs: { tools: { title: "a" } },
      gives: {
        url: "https://api.test/v1/x?tools%5Btitle%5D=a",
        body: '{"title":"a"}',
        headers: json,
      },
    },
    {
      what: "a whole body that is such a placeholder",
      method: "POST",
      operation: `body: { type: json, data: "{{tools.body}}" }`,
      inputs: { body: { a: [1] } },
      gives: { body: '{"a":[1]}', headers: json },
    },
    {
      what: "values in and outside of strings",
      method: "POST",
      operation: `body: |
  { "title": "{{title}}", "tags": {{tags}}, "due": "{{due}}", "n": {{n}}, "text": "a {{title}} b {{none}}", "{{k}}": 1 }`,
      inputs: { title: 'A "b"\n\\c', tags: ["x"], n: 1.5, k: "key" },
      gives: {
        headers: json,
        body: '{"title":"A \\"b\\"\\n\\\\c","tags":["x"],"n":1.5,"text":"a A \\"b\\"\\n\\\\c b ","key":1}',
      },
    },
    {
      what: "a value cannot add members",
      method: "POST",
      operation: `body: '{ "a": "{{x}}", "b": {{x}} }'`,
      inputs: { x: '1", "admin": "true' },
      gives: { headers: json, body: '{"a":"1\\", \\"admin\\": \\"true","b":"1\\", \\"admin\\": \\"true"}' },
    },
    {
      what: "members and items without a value are left out",
      method: "POST",
      operation: `body: '{ "a": {{a}}, "b": "{{b}}", "c": [1, {{c}}, "{{d}}"], "{{e}}": 1, "f": null }'`,
      gives: { headers: json, body: '{"c":[1],"f":null}' },
    },
    {
      what: "a string of one placeholder is text",
      method: "POST",
      operation: `body: '{ "a": "{{a}}", "b": "{{b}}" }'`,
      inputs: { a: 5, b: { k: [1] } },
      gives: { headers: json, body: '{"a":"5","b":"{\\"k\\":[1]}"}' },
    },
    {
      what: "a value is never scanned again",
      method: "POST",
      operation: `body: '{ "a": "{{a}}", "b": {{b}} }'`,
      inputs: { a: "{{b}} {{TOKEN}} @0;", b: "{{TOKEN}}" },
      env: { TOKEN: "secret" },
      gives: { headers: json, body: '{"a":"{{b}} {{TOKEN}} @0;","b":"{{TOKEN}}"}' },
    },
    {
      what: "texts that look like the engine's own marks",
      method: "POST",
      operation: `body: '{ "@@0;": "@{{a}}@1; \\u0040\\u00400;", "b": "@={{a}}" }'`,
      inputs: { a: "x" },
      gives: { headers: json, body: '{"@@0;":"@x@1; @@0;","b":"@=x"}' },
    },
    {
      what: "a template that is one value",
      method: "POST",
      operation: 'body: "{{payload}}"',
      inputs: { payload: { a: [1] } },
      gives: { headers: json, body: '{"a":[1]}' },
    },
    { what: "no body without that value", method: "POST", operation: 'body: "{{payload}}"' },
    {
      what: "a template that is a string",
      method: "POST",
      operation: `body: '"Hello {{name}}"'`,
      inputs: { name: '"x"' },
      gives: { headers: json, body: '"Hello \\"x\\""' },
    },
    {
      what: "a member called __proto__",
      method: "POST",
      operation: `body: '{ "__proto__": { "a": "{{a}}" }, "constructor": 1 }'`,
      inputs: { a: "x" },
      gives: { headers: json, body: '{"__proto__":{"a":"x"},"constructor":1}' },
    },
    {
      what: "a value that holds itself",
      method: "POST",
      operation: `body: '{ "a": {{a}} }'`,
      inputs: { a: cyclic },
      fails: { code: "REQUEST_INVALID", says: ["circular"] },
    },
    {
      what: "a value that nests deeper than the stack",
      method: "POST",
      operation: `body: '{ "a": {{a}} }'`,
      inputs: { a: deep },
      fails: { code: "REQUEST_INVALID", says: ["it nests too deeply"] },
    },
    {
      what: "a big integer",
      method: "POST",
      operation: `body: '{ "a": {{a}}, "b": "{{a}}" }'`,
      inputs: { a: 12345678901234567890n },
      gives: { headers: json, body: '{"a":12345678901234567890,"b":"12345678901234567890"}' },
    },
    {
      what: "members of an input",
      method: "POST",
      operation: `body: '{ "a": {{o.list}}, "b": "{{o.name}}", "c": {{o.constructor}} }'`,
      inputs: { o: { list: [1], name: "n" } },
      gives: { headers: json, body: '{"a":[1],"b":"n"}' },
    },
    {
      what: "body inputs only feed a declared body",
      method: "POST",
      operation: `inputParameters: [{ name: a, in: body, type: integer }, { name: body, in: body }]
body: '{ "x": {{a}} }'`,
      inputs: { a: "5", body: { y: 1 } },
      gives: { headers: json, body: '{"x":5}' },
    },
    {
      what: "a constant body",
      method: "POST",
      operation: `body: '{ "a" : 1 }'`,
      gives: { headers: json, body: '{"a":1}' },
    },
    {
      what: "a number of the file that would lose digits",
      method: "POST",
      operation: `body: '{ "id": 12345678901234567890, "name": "{{name}}" }'`,
      inputs: { name: '"' },
      gives: { headers: json, body: '{ "id": 12345678901234567890, "name": "\\"" }' },
    },
    {
      what: "long digits in a string",
      method: "POST",
      operation: `body: '{ "id": "12345678901234567890", "n": 9007199254740991, "name": "{{name}}" }'`,
      gives: { headers: json, body: '{"id":"12345678901234567890","n":9007199254740991}' },
    },
    {
      what: "a text that its values make JSON",
      method: "POST",
      operation: `body: '{ "a": {{whole}}.{{part}}, "b": "{{x}}" }'`,
      inputs: { whole: 1, part: 5, x: '"' },
      gives: { headers: json, body: '{ "a": 1.5, "b": "\\"" }' },
    },
    {
      what: "a text that its values do not make JSON",
      method: "POST",
      operation: `body: '{ "a": {{x}} {{y}} }'`,
      inputs: { x: 1, y: 2 },
      fails: {
        code: "REQUEST_INVALID",
        details: { operation: "op" },
        says: ["not JSON", "line 1, column 10"],
      },
    },
    {
      what: "values cannot break out of such a text",
      method: "POST",
      operation: `body: '{ "a": "{{x}}" {{y}} }'`,
      inputs: { x: '1", "admin": "true', y: "" },
      fails: { code: "REQUEST_INVALID", says: ["not JSON"] },
    },
    {
      what: "a text under another content type",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: text/csv }]
body: 'a,b\\n{{x}},{"y"}'`,
      inputs: { x: '"q"' },
      gives: { headers: { "content-type": "text/csv" }, body: 'a,b\\n"q",{"y"}' },
    },
    {
      what: "JSON under another content type is text too",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: text/plain }]
body: '{ "a": "{{x}}" }'`,
      inputs: { x: '"q"' },
      gives: { headers: { "content-type": "text/plain" }, body: '{ "a": ""q"" }' },
    },
    {
      what: "a text under the content type of XML is escaped",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: application/xml; charset=utf-8 }]
body: '<a b="{{x}}">{{x}}</a>'`,
      inputs: { x: "<\"'&>" },
      gives: {
        headers: { "content-type": "application/xml; charset=utf-8" },
        body: '<a b="&lt;&quot;&apos;&amp;&gt;">&lt;&quot;&apos;&amp;&gt;</a>',
      },
    },
    {
      what: "a text under a type of JSON's family is JSON",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: application/vnd.api+json }]
body: '{ "a": "{{x}}" }'`,
      inputs: { x: '"q"' },
      gives: { headers: { "content-type": "application/vnd.api+json" }, body: '{"a":"\\"q\\""}' },
    },
  ],
};

const scope: RequestCases = {
  about: "what templates may name",
  cases: [
    {
      what: "an environment parameter that a bind declares",
      operation:
        'inputParameters: [{ name: TOKEN, in: environment }, { name: q, in: query, value: "{{TOKEN}}" }]',
      env: { TOKEN: "t" },
      gives: { url: "https://api.test/v1/x?q=t" },
    },
    {
      what: "an environment parameter that no bind declares is absent",
      operation:
        'inputParameters: [{ name: HOME, in: environment }, { name: q, in: query, value: "{{HOME}}" }, { name: r, in: query, value: "a{{HOME}}" }]',
      env: { HOME: "/home/me" },
      gives: { url: "https://api.test/v1/x?r=a" },
    },
    {
      what: "an environment parameter is no input of the caller",
      operation: "inputParameters: [{ name: HOME, in: environment }]",
      inputs: { HOME: "x" },
      fails: { code: "INPUT_UNKNOWN" },
    },
    {
      what: "a required parameter whose template is absent",
      operation:
        'inputParameters: [{ name: HOME, in: environment }, { name: q, in: query, required: true, value: "{{HOME}}" }]',
      fails: { code: "INPUT_MISSING", details: { inputs: [] }, says: ['"q" has no value'] },
    },
    {
      what: "a parameter with a value, in another parameter and in the body, with its type",
      method: "POST",
      operation: `inputParameters:
- { name: version, in: header, value: 7 }
- { name: X-Trace, in: header, value: "trace-{{id}}" }
- { name: q, in: query, value: "{{X-Trace}}/{{version}}" }
- { name: kind, in: body, value: book }
body: { type: json, data: { version: "{{version}}", kind: "{{kind}}", trace: "{{X-Trace}}" } }`,
      inputs: { id: "a" },
      gives: {
        url: "https://api.test/v1/x?q=trace-a%2F7",
        headers: { version: "7", "x-trace": "trace-a", ...json },
        body: '{"version":7,"kind":"book","trace":"trace-a"}',
      },
    },
    {
      what: "a value that names itself, or is named in a circle, is an input there",
      operation: `inputParameters:
- { name: a, in: query, value: "{{b}}" }
- { name: b, in: query, value: "x{{a}}" }`,
      inputs: { a: "1" },
      gives: { url: "https://api.test/v1/x?a=x1&b=x" },
    },
    {
      what: "a variable behind the value of another parameter",
      operation: `inputParameters:
- { name: X-Key, in: header, value: "{{TOKEN}}" }
- { name: q, in: query, value: "{{X-Key}}" }`,
      env: { TOKEN: "s" },
      gives: { url: "https://api.test/v1/x?q=s", headers: { "x-key": "s" } },
    },
    {
      what: "a template that its missing values leave empty is left out",
      operation:
        'inputParameters: [{ name: q, in: query, value: "{{a}}{{b}}" }, { name: r, in: query, value: "{{a}}-" }]',
      gives: { url: "https://api.test/v1/x?r=-" },
    },
    {
      what: "a template that given values leave empty is sent",
      operation: 'inputParameters: [{ name: q, in: query, value: "{{a}}{{b}}" }]',
      inputs: { a: "" },
      gives: { url: "https://api.test/v1/x?q=" },
    },
    {
      what: "a bare name, and the relic of one",
      operation: `inputParameters:
- { name: a, in: query, value: TOKEN }
- { name: b, in: query, value: $env.TOKEN }
- { name: c, in: query, value: "{{$env.TOKEN}}" }
- { name: d, in: query, value: $env.OTHER }
- { name: e, in: query, value: TOKENS }`,
      env: { TOKEN: "t" },
      gives: { url: "https://api.test/v1/x?a=t&b=t&c=t&d=%24env.OTHER&e=TOKENS" },
    },
    {
      what: "the relic of a name that no bind declares",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{$env.OTHER}}" }]',
      fails: { code: "BIND_MISSING", details: { variables: ["$env.OTHER"] } },
    },
    {
      what: "a variable that two binds declare",
      binds:
        "[{ namespace: one, keys: { TOKEN: T1 } }, { namespace: two, location: file:///./x.json, keys: { TOKEN: T2 } }]",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{TOKEN}}" }]',
      env: { T1: "1" },
      fails: { code: "BIND_MISSING", says: ["several binds declare it", "{{one.TOKEN}} or {{two.TOKEN}}"] },
    },
    {
      what: "a variable that two binds declare, with its namespace",
      binds: "[{ namespace: one, keys: { TOKEN: T1 } }, { namespace: two, keys: { TOKEN: T2 } }]",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{ one.TOKEN }}{{two.TOKEN}}" }]',
      env: { T1: "1", T2: "2" },
      gives: { url: "https://api.test/v1/x?a=12" },
    },
    {
      what: "a caller's value never stands in for a variable",
      operation: 'inputParameters: [{ name: TOKEN, in: query }, { name: a, in: header, value: "{{TOKEN}}" }]',
      env: { TOKEN: "real" },
      inputs: { TOKEN: "given" },
      gives: { url: "https://api.test/v1/x?TOKEN=given", headers: { a: "real" } },
    },
    {
      what: "members of an input, by name and by index, never of a prototype",
      operation:
        'inputParameters: [{ name: a, in: query, value: "{{o.list.1.x}}" }, { name: b, in: query, value: "{{o.constructor}}" }, { name: c, in: query, value: "{{o.__proto__.x}}" }]',
      inputs: { o: { list: [0, { x: "deep" }] } },
      gives: { url: "https://api.test/v1/x?a=deep" },
    },
    {
      what: "types in longer text",
      operation: 'inputParameters: [{ name: a, in: query, value: "{{s}}|{{n}}|{{t}}|{{z}}|{{l}}|{{o}}" }]',
      inputs: { s: "<&>", n: 1.5, t: true, z: null, l: [1, "a"], o: { k: null } },
      gives: {
        url: `https://api.test/v1/x?a=${encodeURIComponent('<&>|1.5|true||[1,"a"]|{"k":null}')}`,
      },
    },
  ],
};

const typedBodies: RequestCases = {
  about: "typed bodies",
  cases: [
    ...["text/xml; charset=utf-8", "application/soap+xml", "Application/XML"].map(type => ({
      what: `values are escaped in a text that a header calls ${type}`,
      method: "POST",
      operation: `
body: "<a x='{{x}}'>{{y}}</a>"
inputParameters: [{ name: Content-Type, in: header, value: "${type}" }, { name: SOAPAction, in: header, value: '"urn:a#b"' }]`,
      inputs: { x: "'&\"", y: "<b/>" },
      gives: {
        body: "<a x='&apos;&amp;&quot;'>&lt;b/&gt;</a>",
        headers: { "content-type": type, soapaction: '"urn:a#b"' },
      },
    })),
    {
      what: "json of a map keeps the types of values",
      method: "POST",
      operation: `body:
  type: json
  data: { a: "{{a}}", b: "x{{b}}", c: ["{{c}}", 1, null], d: { e: "{{none}}", f: true }, "{{k}}": v }`,
      inputs: { a: 5, b: [1], c: { x: 1 }, k: "key" },
      gives: { headers: json, body: '{"a":5,"b":"x[1]","c":[{"x":1},1,null],"d":{"f":true},"key":"v"}' },
    },
    {
      what: "json of a list",
      method: "POST",
      operation: 'body: { type: json, data: ["{{a}}", "{{none}}", 2] }',
      inputs: { a: 1 },
      gives: { headers: json, body: "[1,2]" },
    },
    {
      what: "json of a text is a template",
      method: "POST",
      operation: `body: { type: json, data: '{ "a": {{a}} }' }`,
      inputs: { a: ["x"] },
      gives: { headers: json, body: '{"a":["x"]}' },
    },
    {
      what: "single braces in it are text",
      method: "POST",
      operation: 'body: { type: json, data: { a: "{x}" } }',
      gives: { headers: json, body: '{"a":"{x}"}' },
    },
    {
      what: "bare names in it are text, binds in braces are not",
      method: "POST",
      operation: 'body: { type: json, data: { a: TOKEN, b: "{{TOKEN}}" } }',
      env: { TOKEN: "s" },
      gives: { headers: json, body: '{"a":"TOKEN","b":"s"}' },
    },
    {
      what: "text",
      method: "POST",
      operation: `body: { type: text, data: 'Hello {{name}}: {{list}} "{{none}}"' }`,
      inputs: { name: '<"\n>', list: [1, "a"] },
      gives: { headers: { "content-type": "text/plain" }, body: 'Hello <"\n>: [1,"a"] ""' },
    },
    {
      what: "text of one value",
      method: "POST",
      operation: 'body: { type: text, data: "{{x}}" }',
      inputs: { x: 5 },
      gives: { headers: { "content-type": "text/plain" }, body: "5" },
    },
    {
      what: "text of one value that is absent",
      method: "POST",
      operation: 'body: { type: text, data: "{{x}}" }',
    },
    {
      what: "xml escapes its values",
      method: "POST",
      operation: `body: { type: xml, data: '<a b="{{x}}">{{x}}</a>' }`,
      inputs: { x: "<\"'&>é" },
      gives: {
        headers: { "content-type": "application/xml" },
        body: '<a b="&lt;&quot;&apos;&amp;&gt;é">&lt;&quot;&apos;&amp;&gt;é</a>',
      },
    },
    {
      what: "xml of one value escapes it",
      method: "POST",
      operation: 'body: { type: xml, data: "{{x}}" }',
      inputs: { x: "<a/>" },
      gives: { headers: { "content-type": "application/xml" }, body: "&lt;a/&gt;" },
    },
    {
      what: "sparql",
      method: "POST",
      operation: `body: { type: sparql, data: 'SELECT * WHERE { ?s ?p "{{x}}" }' }`,
      inputs: { x: "a" },
      gives: {
        headers: { "content-type": "application/sparql-query" },
        body: 'SELECT * WHERE { ?s ?p "a" }',
      },
    },
    {
      what: "a form of a map",
      method: "POST",
      operation: `body:
  type: formUrlEncoded
  data: { grant_type: password, user: "{{user}}", otp: "{{otp}}", scope: "a {{scope}}", list: "{{list}}", n: 5, none: null }`,
      inputs: { user: "a&b=é +", scope: "b", list: [1, 2] },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "grant_type=password&user=a%26b%3D%C3%A9+%2B&scope=a+b&list=1&list=2&n=5",
      },
    },
    {
      what: "a form of a text",
      method: "POST",
      operation: 'body: { type: formUrlEncoded, data: "a={{x}}&b=c d" }',
      inputs: { x: "1&admin=true é" },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "a=1%26admin%3Dtrue+%C3%A9&b=c d",
      },
    },
    {
      what: "a form of one value",
      method: "POST",
      operation: 'body: { type: formUrlEncoded, data: "{{x}}" }',
      inputs: { x: "a=1&b=2" },
      gives: { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a%3D1%26b%3D2" },
    },
    {
      what: "a form in parts",
      method: "POST",
      operation: `${inParts}
body:
  type: multipartForm
  data:
  - { name: file, value: "{{csv}}", filename: "{{year}}.csv", contentType: text/csv }
  - { name: note, value: hi }
  - { name: count, value: 5 }
  - { name: tags, value: "{{tags}}" }
  - { name: absent, value: "{{none}}" }
  - { name: empty, value: null }
  - { name: text, value: "a {{none}}b", filename: "{{none}}", contentType: "{{none}}" }`,
      inputs: { csv: "a,b\n{{note}}", year: 2026, tags: ["x", 1] },
      gives: {
        headers: partsType,
        body: form(
          ['name="file"; filename="2026.csv"\r\nContent-Type: text/csv', "a,b\n{{note}}"],
          ['name="note"', "hi"],
          ['name="count"', "5"],
          ['name="tags"', '["x",1]'],
          ['name="text"', "a b"],
        ),
      },
    },
    {
      what: "names and file names cannot add a header or a parameter",
      method: "POST",
      operation: `${inParts}
body: { type: multipartForm, data: [{ name: "{{n}}", value: v, filename: "{{f}}" }] }`,
      inputs: { n: 'a"; filename="b', f: 'é\\"\r\nX-Evil: 1\n.png' },
      gives: {
        headers: partsType,
        body: form([
          'name="a%22; filename=%22b"; filename="é\\%22%0D%0AX-Evil: 1%0D%0A.png"\r\nContent-Type: application/octet-stream',
          "v",
        ]),
      },
    },
    {
      what: "a media type of a part that would be another header",
      method: "POST",
      operation: `${inParts}
body: { type: multipartForm, data: [{ name: a, value: v, contentType: "{{t}}" }] }`,
      inputs: { t: "text/csv\r\nX-Evil: 1" },
      fails: { code: "REQUEST_INVALID", says: ['the content type of part "a"', "U+000D"] },
    },
    {
      what: "a form in parts of bytes",
      method: "POST",
      operation: `${inParts}
body: { type: multipartForm, data: [{ name: a, value: "{{bytes}}", filename: a.bin }, { name: b, value: x }] }`,
      inputs: { bytes: new TextEncoder().encode("é") },
      gives: {
        headers: partsType,
        body: new TextEncoder().encode(
          form(
            ['name="a"; filename="a.bin"\r\nContent-Type: application/octet-stream', "é"],
            ['name="b"', "x"],
          ),
        ),
      },
    },
    {
      what: "bytes inside the text of a part",
      method: "POST",
      operation: `${inParts}
body: { type: multipartForm, data: [{ name: a, value: "x{{bytes}}" }] }`,
      inputs: { bytes: new Uint8Array([1]) },
      fails: { code: "REQUEST_INVALID", says: ["a file cannot stand inside a text"] },
    },
    {
      what: "a form in parts under another content type",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: application/json }]
body: { type: multipartForm, data: [{ name: a, value: b }] }`,
      fails: { code: "REQUEST_INVALID", says: ['cannot be sent as "application/json"'] },
    },
    {
      what: "json of a map under the content type of a form",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: application/x-www-form-urlencoded }]
body: { type: json, data: { a: "{{a}}", b: [1, 2] } }`,
      inputs: { a: "x y" },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "a=x+y&b=1&b=2",
      },
    },
    {
      what: "a template of one value under the content type of XML",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: application/xml }]
body: "{{order}}"`,
      inputs: { order: { order: { id: 1 } } },
      gives: {
        headers: { "content-type": "application/xml" },
        body: '<?xml version="1.0" encoding="UTF-8"?><order><id>1</id></order>',
      },
    },
    {
      what: "a template of one value that is bytes",
      method: "PUT",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: image/png }]
body: "{{image}}"`,
      inputs: { image: new Uint8Array([137, 80]) },
      gives: { headers: { "content-type": "image/png" }, body: new Uint8Array([137, 80]) },
    },
    {
      what: "bytes as a value of JSON",
      method: "POST",
      operation: 'body: { type: json, data: { a: ["{{f}}"] } }',
      inputs: { f: new Uint8Array([1]) },
      fails: { code: "REQUEST_INVALID", says: ["a file can only be a part of multipart/form-data"] },
    },
    {
      what: "a header's content type wins",
      method: "POST",
      operation: `inputParameters: [{ name: Content-Type, in: header, value: text/markdown }]
body: { type: text, data: "# {{x}}" }`,
      inputs: { x: "T" },
      gives: { headers: { "content-type": "text/markdown" }, body: "# T" },
    },
    {
      what: "a member called __proto__",
      method: "POST",
      operation: 'body: { type: formUrlEncoded, data: { "__proto__": "{{x}}", constructor: 1 } }',
      inputs: { x: "y" },
      gives: {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "__proto__=y&constructor=1",
      },
    },
  ],
};

const accepted = (
  type: string,
  ...values: readonly (readonly [given: unknown, sent: string])[]
): RequestCase[] =>
  values.map(([given, sent]) => ({
    what: `${type} takes ${typeof given} ${String(given)}`,
    operation: typed(type),
    inputs: { q: given },
    gives: { url: `https://api.test/v1/x?q=${sent}` },
  }));

const refused = (type: string, ...values: readonly unknown[]): RequestCase[] =>
  values.map(value => ({
    what: `${type} refuses ${typeof value} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    operation: typed(type),
    inputs: { q: value },
    fails: { code: "INPUT_INVALID", details: { operation: "op", input: "q" } },
  }));

const inputs: RequestCases = {
  about: "inputs",
  cases: [
    {
      what: "a name that looks like another input's location and name",
      path: "/{id}",
      operation: `inputParameters: [{ name: "path:id", in: query }, { name: id, in: query }, { name: "a:b", in: query }]`,
      inputs: { "query:path:id": "1", "query:id": "2", "path:id": "3", "a:b": "4" },
      gives: { url: "https://api.test/v1/3?path%3Aid=1&id=2&a%3Ab=4" },
    },
    {
      what: "a header that only the transport may write does not share its name",
      operation: "inputParameters: [{ name: Host, in: header }, { name: Host, in: query }]",
      inputs: { Host: "a" },
      gives: { url: "https://api.test/v1/x?Host=a" },
    },
    ...accepted(
      "string",
      ["00123", "00123"],
      ["1e3", "1e3"],
      ["true", "true"],
      ["null", "null"],
      [5, "5"],
      [false, "false"],
      [5n, "5"],
    ),
    ...refused("string", {}, ["a"], Number.NaN, Number.POSITIVE_INFINITY, Symbol("s"), () => "x"),
    ...accepted(
      "number",
      [1.5, "1.5"],
      ["1.50", "1.5"],
      ["-0.5e1", "-5"],
      ["12345678901234567890", "12345678901234567890"],
      [7n, "7"],
      [0, "0"],
    ),
    ...refused(
      "number",
      "a",
      "",
      " 1",
      "1,5",
      "0x10",
      "01",
      "1e999",
      "NaN",
      "Infinity",
      true,
      [1],
      {},
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ),
    ...accepted(
      "integer",
      [5, "5"],
      ["5", "5"],
      ["5.0", "5"],
      ["-9007199254740993", "-9007199254740993"],
      [12345678901234567890n, "12345678901234567890"],
    ),
    ...refused("integer", 1.5, "1.5", "five", false, Number.POSITIVE_INFINITY),
    ...accepted("boolean", [true, "true"], [false, "false"], ["true", "true"], ["false", "false"]),
    ...refused("boolean", "yes", "TRUE", "", 1, 0, []),
    ...accepted("array", [["a", "b"], "a&q=b"]),
    ...refused("array", "a", '["a"]', {}, 1),
    ...refused("object", "a", '{"a":1}', ["a"], 1),
    {
      what: "object takes an object",
      operation: typed("object"),
      inputs: { q: { a: 1 } },
      gives: { url: "https://api.test/v1/x?q%5Ba%5D=1" },
    },
    ...[Number.NaN, Number.POSITIVE_INFINITY, Symbol("s"), () => 1].map(
      (value): RequestCase => ({
        what: `no declared type does not make ${String(value)} something to send`,
        operation: q,
        inputs: { q: value },
        fails: { code: "INPUT_INVALID", details: { input: "q" } },
      }),
    ),
    ...[null, undefined].map(
      (value): RequestCase => ({
        what: `${value} is absent`,
        operation: typed("integer"),
        inputs: { q: value },
      }),
    ),
    {
      what: "null for a required input is absent",
      operation: "inputParameters: [{ name: q, in: query, required: true }]",
      inputs: { q: null },
      fails: { code: "INPUT_MISSING", details: { inputs: ["q"] } },
    },
    {
      what: "a number for a string of a body becomes one",
      method: "POST",
      operation:
        "inputParameters: [{ name: a, in: body, type: string }, { name: b, in: body, type: boolean }]",
      inputs: { a: 123, b: "false" },
      gives: { headers: json, body: '{"a":"123","b":false}' },
    },
    {
      what: "all missing inputs are listed",
      path: "/{id}/{sub}",
      operation: `inputParameters:
- { name: a, in: query, required: true }
- { name: b, in: query }
- { name: c, in: header, required: true }
- { name: body, in: body, required: true }`,
      inputs: { sub: "s" },
      fails: {
        code: "INPUT_MISSING",
        details: { operation: "op", inputs: ["a", "c", "body", "id"] },
        says: ['"a", "c", "body", "id"'],
      },
    },
    {
      what: "unknown inputs are listed with the nearest names",
      operation: "inputParameters: [{ name: limit, in: query }, { name: offset, in: query }]",
      inputs: { limt: 1, offset: 2, zzz: 3 },
      fails: {
        code: "INPUT_UNKNOWN",
        details: { operation: "op", inputs: ["limt", "zzz"], suggestions: ["limit"] },
        says: ['no input "limt"; did you mean "limit"?', 'no input "zzz"', "limit, offset"],
      },
    },
    {
      what: "names are compared exactly",
      operation: "inputParameters: [{ name: X-Trace, in: header }]",
      inputs: { "x-trace": "1" },
      fails: { code: "INPUT_UNKNOWN", details: { suggestions: ["X-Trace"] } },
    },
    {
      what: "no inputs at all",
      inputs: { a: 1 },
      fails: { code: "INPUT_UNKNOWN", says: ["it takes no inputs"] },
    },
    ...["constructor", "toString", "hasOwnProperty"].map(
      (name): RequestCase => ({
        what: `${name} is no input by itself`,
        operation: q,
        inputs: { [name]: 1 },
        fails: { code: "INPUT_UNKNOWN", details: { inputs: [name] } },
      }),
    ),
    {
      what: "__proto__ is no input by itself",
      operation: q,
      inputs: JSON.parse('{"__proto__":1}') as Record<string, unknown>,
      fails: { code: "INPUT_UNKNOWN", details: { inputs: ["__proto__"] } },
    },
    {
      what: "__proto__ and constructor as inputs",
      path: "/{constructor}",
      operation: "inputParameters: [{ name: __proto__, in: query }]",
      inputs: JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, unknown>,
      gives: { url: "https://api.test/v1/b?__proto__=a" },
    },
    {
      what: "inherited members are no inputs",
      operation: q,
      inputs: Object.create({ q: "inherited" }) as Record<string, unknown>,
    },
    {
      what: "inputs in two places of one name",
      path: "/{id}",
      operation:
        "inputParameters: [{ name: id, in: query }, { name: id, in: header }, { name: id, in: path }]",
      inputs: { "query:id": 1, "header:id": 2, "path:id": 3 },
      gives: { url: "https://api.test/v1/3?id=1", headers: { id: "2" } },
    },
    {
      what: "a name in two places alone",
      operation: "inputParameters: [{ name: id, in: query }, { name: id, in: header }]",
      inputs: { id: 1 },
      fails: { code: "INPUT_UNKNOWN", details: { inputs: ["id"] }, says: ["query:id or header:id"] },
    },
    {
      what: "an invalid value in one of two places",
      operation: "inputParameters: [{ name: id, in: query }, { name: id, in: header }]",
      inputs: { "header:id": "a\nb" },
      fails: { code: "INPUT_INVALID", details: { input: "header:id" } },
    },
    {
      what: "the resource's level beats the adapter's, the operation's beats both",
      adapter: `inputParameters:
- { name: a, in: query, value: adapter }
- { name: b, in: query, value: adapter }
- { name: a, in: header, value: adapter }`,
      operation: "inputParameters: [{ name: a, in: query, value: operation }]",
      gives: { url: "https://api.test/v1/x?a=operation&b=adapter", headers: { a: "adapter" } },
    },
  ],
};

const bearer = 'authentication: { type: bearer, token: "{{TOKEN}}" }';
const oneCredential = "- { namespace: env, keys: { API_KEY: THE_KEY, REGION: REGION } }";

const credentials: RequestCases = {
  about: "credentials",
  cases: [
    {
      what: "bearer",
      adapter: bearer,
      env: { TOKEN: "t0k" },
      gives: { headers: { authorization: "Bearer t0k" } },
    },
    {
      what: "bearer by a bare name",
      adapter: "authentication: { type: bearer, token: TOKEN }",
      env: { TOKEN: "t0k" },
      gives: { headers: { authorization: "Bearer t0k" } },
    },
    {
      what: "bearer of the file itself",
      adapter: 'authentication: { type: bearer, token: "a-{{USER}}" }',
      env: { USER_NAME: "u" },
      gives: { headers: { authorization: "Bearer a-u" } },
    },
    {
      what: "basic in UTF-8",
      adapter: 'authentication: { type: basic, username: "{{USER}}", password: "{{PASSWORD}}" }',
      env: { USER_NAME: "josé", PASSWORD: "pä:ss" },
      gives: { headers: { authorization: `Basic ${Buffer.from("josé:pä:ss").toString("base64")}` } },
    },
    {
      what: "an API key in a header",
      adapter: 'authentication: { type: apikey, key: X-Key, value: "{{TOKEN}}", placement: header }',
      env: { TOKEN: "k" },
      gives: { headers: { "x-key": "k" } },
    },
    {
      what: "an API key in a header by default",
      adapter: 'authentication: { type: apikey, key: X-Key, value: "{{TOKEN}}" }',
      env: { TOKEN: "k" },
      gives: { headers: { "x-key": "k" } },
    },
    {
      what: "an API key in the query",
      path: "/x?a=1",
      operation: q,
      adapter: 'authentication: { type: apikey, key: api key, value: "{{TOKEN}}", placement: query }',
      inputs: { q: 2 },
      env: { TOKEN: "k&=é" },
      gives: { url: "https://api.test/v1/x?a=1&q=2&api%20key=k%26%3D%C3%A9" },
    },
    {
      what: "a caller's header wins, and then no bind is needed",
      adapter: bearer,
      operation: "inputParameters: [{ name: AUTHORIZATION, in: header, required: true }]",
      inputs: { AUTHORIZATION: "Token mine" },
      gives: { headers: { authorization: "Token mine" } },
    },
    {
      what: "a caller's query parameter wins over an API key there",
      adapter: 'authentication: { type: apikey, key: k, value: "{{TOKEN}}", placement: query }',
      operation: "inputParameters: [{ name: k, in: query, required: true }]",
      inputs: { k: "mine" },
      gives: { url: "https://api.test/v1/x?k=mine" },
    },
    {
      what: "a caller who gives no header leaves it to authentication",
      adapter: bearer,
      operation: "inputParameters: [{ name: Authorization, in: header, required: true }]",
      env: { TOKEN: "t0k" },
      gives: { headers: { authorization: "Bearer t0k" } },
    },
    {
      what: "authentication wins over a header that the file fixes",
      adapter: bearer,
      operation: "inputParameters: [{ name: Authorization, in: header, value: fixed }]",
      env: { TOKEN: "t0k" },
      gives: { headers: { authorization: "Bearer t0k" } },
    },
    {
      what: "a missing bind, with where it was looked for",
      adapter: bearer,
      fails: {
        code: "BIND_MISSING",
        details: { operation: "op", variables: ["TOKEN"] },
        says: ['TOKEN of bind "env"', "environment variable TOKEN"],
      },
    },
    {
      what: "the environment variable is the bind's key",
      adapter: 'authentication: { type: bearer, token: "{{USER}}" }',
      env: { USER: "wrong" },
      fails: {
        code: "BIND_MISSING",
        details: { variables: ["USER"] },
        says: ["environment variable USER_NAME"],
      },
    },
    {
      what: "an empty variable is missing",
      adapter: bearer,
      env: { TOKEN: "" },
      fails: { code: "BIND_MISSING", details: { variables: ["TOKEN"] } },
    },
    {
      what: "all missing binds are listed",
      adapter: 'authentication: { type: basic, username: "{{USER}}", password: "{{PASSWORD}}" }',
      operation: 'inputParameters: [{ name: a, in: query, value: "{{TOKEN}} {{env.NONE}}" }]',
      fails: {
        code: "BIND_MISSING",
        details: {
          variables: ["NONE", "TOKEN", "USER", "PASSWORD"].map((name, at) =>
            at === 0 ? `env.${name}` : name,
          ),
        },
      },
    },
    {
      what: "an undeclared variable never reads the environment",
      adapter: 'authentication: { type: bearer, token: "{{env.OTHER}}" }',
      env: { OTHER: "secret" },
      fails: {
        code: "BIND_MISSING",
        details: { operation: "op", variables: ["env.OTHER"] },
        says: ["env.OTHER (no bind declares it: add it to binds)"],
      },
    },
    {
      what: "an undeclared variable that the operation does not need",
      adapter: 'authentication: { type: bearer, token: "{{env.OTHER}}" }',
      options: { authentication: "none" },
    },
    {
      what: "a name in a credential that nothing declares",
      adapter: 'authentication: { type: bearer, token: "{{OTHER}}" }',
      inputs: {},
      env: { OTHER: "secret" },
      fails: { code: "BIND_MISSING", details: { variables: ["OTHER"] } },
    },
    {
      what: "a name that two binds declare is none without its namespace",
      binds: "- { namespace: a, keys: { TOKEN: A } }\n- { namespace: b, keys: { TOKEN: B } }",
      adapter: bearer,
      env: { A: "1", B: "2" },
      fails: {
        code: "BIND_MISSING",
        details: { variables: ["TOKEN"] },
        says: ["{{a.TOKEN}} or {{b.TOKEN}}"],
      },
    },
    {
      what: "a name that two binds declare, with its namespace",
      binds: "- { namespace: a, keys: { TOKEN: A } }\n- { namespace: b, keys: { TOKEN: B } }",
      adapter: 'authentication: { type: bearer, token: "{{b.TOKEN}}" }',
      env: { A: "1", B: "2" },
      gives: { headers: { authorization: "Bearer 2" } },
    },
    {
      what: "a location that no source serves",
      binds: "- { namespace: safe, location: 'vault://kv/x', keys: { TOKEN: t } }",
      adapter: bearer,
      fails: { code: "BIND_MISSING", details: { variables: ["TOKEN"] }, says: ["vault://kv/x"] },
    },
    {
      what: "binds that nothing needs are not looked up",
      binds: "- { namespace: safe, location: 'vault://kv/x', keys: { A: a, B: b } }",
    },
    {
      what: "a token that no header can hold",
      adapter: bearer,
      env: { TOKEN: "a\nb" },
      fails: { code: "REQUEST_INVALID", details: { operation: "op" }, says: ["U+000A"] },
    },
    {
      what: "a declaration without its token",
      adapter: "authentication: { type: bearer }",
      fails: { code: "REQUEST_INVALID", says: ['"token" is missing'] },
    },
    {
      what: "a declaration with an empty token",
      adapter: 'authentication: { type: bearer, token: "" }',
      fails: { code: "REQUEST_INVALID", says: ['"token" is empty'] },
    },
    {
      what: "an API key without its key",
      adapter: 'authentication: { type: apikey, value: "{{TOKEN}}" }',
      env: { TOKEN: "k" },
      fails: { code: "REQUEST_INVALID", says: ['"key" is missing'] },
    },
    ...["X Key", "Host", "__proto__", "a\nb"].map(
      (key): RequestCase => ({
        what: `an API key in the header ${JSON.stringify(key)}`,
        adapter: `authentication: { type: apikey, key: ${JSON.stringify(key)}, value: "{{TOKEN}}" }`,
        env: { TOKEN: "k" },
        fails: { code: "REQUEST_INVALID", says: ["apikey"] },
      }),
    ),
    {
      what: "a kind whose credential only sending adds",
      adapter: 'authentication: { type: digest, username: "{{USER}}", password: "{{PASSWORD}}" }',
      env: { USER_NAME: "u", PASSWORD: "p" },
    },
    {
      what: "such a kind without one of its variables",
      adapter: 'authentication: { type: digest, username: "{{USER}}", password: "{{PASSWORD}}" }',
      env: { USER_NAME: "u" },
      fails: { code: "BIND_MISSING", details: { variables: ["PASSWORD"] } },
    },
    {
      what: "a caller's header in place of such a kind's, whose variables are then not needed",
      adapter: 'authentication: { type: digest, username: "{{USER}}", password: "{{PASSWORD}}" }',
      operation: "inputParameters: [{ name: Authorization, in: header, required: true }]",
      inputs: { Authorization: "mine" },
      gives: { headers: { authorization: "mine" } },
    },
    ...["http://api.test", "http://127.0.0.1.nip.io", "http://localhost.test:8080", "HTTP://API.TEST"].map(
      (baseUri): RequestCase => ({
        what: `a credential over plain http to ${baseUri}`,
        baseUri,
        adapter: bearer,
        env: { TOKEN: "t" },
        fails: { code: "REQUEST_INVALID", says: ["plain http", "--allow-insecure-auth"] },
      }),
    ),
    {
      what: "an implied credential over plain http",
      baseUri: "http://api.test",
      binds: oneCredential,
      env: { THE_KEY: "k" },
      fails: { code: "REQUEST_INVALID", says: ["plain http to api.test"] },
    },
    {
      what: "an API key in the query over plain http",
      baseUri: "http://{host}",
      adapter: 'authentication: { type: apikey, key: k, value: "{{TOKEN}}", placement: query }',
      env: { TOKEN: "t" },
      inputs: { host: "api.test" },
      fails: { code: "REQUEST_INVALID", says: ["plain http to api.test"] },
    },
    {
      what: "a kind whose credential only sending adds, over plain http",
      baseUri: "http://api.test",
      adapter: "authentication: { type: digest, username: u, password: p }",
      fails: { code: "REQUEST_INVALID", says: ["plain http to api.test"] },
    },
    ...["http://localhost:1", "http://127.0.0.1", "http://127.9.9.9:80", "http://[::1]:8080"].map(
      (baseUri): RequestCase => ({
        what: `a credential over plain http to this computer, ${baseUri}`,
        baseUri,
        adapter: bearer,
        env: { TOKEN: "t" },
        gives: { url: `${new URL(baseUri).origin}/x`, headers: { authorization: "Bearer t" } },
      }),
    ),
    {
      what: "a credential over plain http where that is allowed",
      baseUri: "http://api.test",
      adapter: bearer,
      env: { TOKEN: "t" },
      options: { allowInsecureAuthentication: true },
      gives: { url: "http://api.test/x", headers: { authorization: "Bearer t" } },
    },
    {
      what: "a caller's own credential over plain http",
      baseUri: "http://api.test",
      adapter: bearer,
      operation: "inputParameters: [{ name: authorization, in: header }]",
      inputs: { authorization: "mine" },
      gives: { url: "http://api.test/x", headers: { authorization: "mine" } },
    },
    {
      what: "one bound credential is implied",
      binds: oneCredential,
      env: { THE_KEY: "k" },
      gives: { headers: { authorization: "Bearer k" } },
    },
    ...["CLERK_SECRET", "ACCESS_TOKEN", "GITHUB_PAT", "DB_PASSWORD", "KEY"].map(
      (name): RequestCase => ({
        what: `${name} is the name of a credential`,
        binds: `- { namespace: env, keys: { ${name}: V } }`,
        env: { V: "k" },
        gives: { headers: { authorization: "Bearer k" } },
      }),
    ),
    ...["KEY_ID", "api_key", "TOKENS", "PATH_TO"].map(
      (name): RequestCase => ({
        what: `${name} is not`,
        binds: `- { namespace: env, keys: { ${name}: V } }`,
        env: { V: "k" },
      }),
    ),
    {
      what: "an implied credential is needed",
      binds: oneCredential,
      fails: { code: "BIND_MISSING", details: { variables: ["API_KEY"] } },
    },
    {
      what: "an implied credential can be turned off",
      binds: oneCredential,
      env: { THE_KEY: "k" },
      options: { impliedAuthentication: false },
    },
    {
      what: "a caller's header wins over an implied one",
      binds: oneCredential,
      operation: "inputParameters: [{ name: authorization, in: header }]",
      inputs: { authorization: "mine" },
      gives: { headers: { authorization: "mine" } },
    },
    {
      what: "the file's own header wins over an implied one",
      binds: oneCredential,
      operation: "inputParameters: [{ name: Authorization, in: header, value: Basic abc }]",
      gives: { headers: { authorization: "Basic abc" } },
    },
    { what: "two credentials imply none", binds: "- { namespace: env, keys: { A_KEY: A, B_TOKEN: B } }" },
    {
      what: "a credential that is used elsewhere is not implied",
      binds: oneCredential,
      operation: 'inputParameters: [{ name: key, in: query, value: "{{env.API_KEY}}" }]',
      env: { THE_KEY: "k" },
      gives: { url: "https://api.test/v1/x?key=k" },
    },
    {
      what: "nor where any other variable is used",
      binds: oneCredential,
      operation: 'inputParameters: [{ name: r, in: query, value: "{{REGION}}" }]',
      env: { THE_KEY: "k", REGION: "eu" },
      gives: { url: "https://api.test/v1/x?r=eu" },
    },
    {
      what: "an option in place of the file's",
      adapter: bearer,
      options: { authentication: { api: { type: "apikey", key: "X-K", value: "{{USER}}" } } },
      env: { USER_NAME: "u" },
      gives: { headers: { "x-k": "u" } },
    },
    {
      what: "an option that is the credential itself",
      options: { authentication: { api: { type: "bearer", token: "TOKEN" } } },
      gives: { headers: { authorization: "Bearer TOKEN" } },
    },
    {
      what: "an option in place of an implied one",
      binds: oneCredential,
      options: { authentication: { api: { type: "basic", username: "u", password: "p" } } },
      gives: { headers: { authorization: "Basic dTpw" } },
    },
    { what: "none at all", adapter: bearer, options: { authentication: "none" } },
    {
      what: "none at all, not even an implied one",
      binds: oneCredential,
      options: { authentication: "none" },
    },
  ],
};

export const requestCases: readonly RequestCases[] = [
  path,
  query,
  header,
  baseUri,
  body,
  templates,
  scope,
  typedBodies,
  inputs,
  credentials,
];

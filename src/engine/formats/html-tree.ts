import type { Options } from "css-select";
import type { Token, TreeAdapter, TreeAdapterTypeMap } from "parse5";
import type { ValueCount } from "../../base/decode-limits.ts";

/** Depth limit of elements. Browsers stop at 512 too. */
const MAX_ELEMENT_DEPTH = 512;

const DOCUMENT = "#document";
const TEXT = "#text";
const COMMENT = "#comment";
const DOCUMENT_TYPE = "#doctype";
const NONE: readonly Token.Attribute[] = [];

type Namespace = Parameters<TreeAdapter["createElement"]>[1];
type DocumentMode = Parameters<TreeAdapter["setDocumentMode"]>[1];

/** A node of a page. Its name tells elements from other kinds. All have this one small class, because pages have many. */
export class PageNode {
  readonly name: string;
  readonly namespace: Namespace;
  attributes: readonly Token.Attribute[];
  /** Content of a text or a comment. */
  text: string;
  parent: PageNode | null = null;
  first: PageNode | null = null;
  last: PageNode | null = null;
  previous: PageNode | null = null;
  next: PageNode | null = null;

  constructor(name: string, namespace: Namespace, attributes: readonly Token.Attribute[], text: string) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.text = text;
  }

  get isElement(): boolean {
    return !this.name.startsWith("#");
  }

  get isText(): boolean {
    return this.name === TEXT;
  }

  *children(): Generator<PageNode> {
    for (let child = this.first; child !== null; child = child.next) yield child;
  }

  /** Iterates over the node and all below it, in the order of the page. */
  *descendants(): Generator<PageNode> {
    let node: PageNode | null = this;
    while (node !== null) {
      yield node;
      if (node.first !== null) node = node.first;
      else {
        while (node !== null && node !== this && node.next === null) node = node.parent;
        node = node === null || node === this ? null : node.next;
      }
    }
  }
}

type PageTypes = TreeAdapterTypeMap<
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode,
  PageNode
>;

/** Creates the adapter by which `parse5` builds a page. All nodes are counted, even those that are not in the text. */
export function pageBuilder(count: ValueCount): TreeAdapter<PageTypes> {
  const html = "http://www.w3.org/1999/xhtml" as Namespace;
  let mode = "no-quirks" as DocumentMode;
  let depth = 0;
  const create = (name: string, text = "", namespace = html, attributes = NONE) => {
    count.add(1);
    return new PageNode(name, namespace, attributes, text);
  };
  return {
    createDocument: () => create(DOCUMENT),
    createDocumentFragment: () => create(DOCUMENT),
    createElement: (name, namespace, attributes) =>
      create(name, "", namespace, attributes.length === 0 ? NONE : attributes),
    createCommentNode: data => create(COMMENT, data),
    createTextNode: value => create(TEXT, value),
    appendChild: (parent, node) => insert(parent, node, null),
    insertBefore: insert,
    detachNode: detach,
    insertText(parent, text) {
      if (parent.last?.isText) parent.last.text += text;
      else insert(parent, create(TEXT, text), null);
    },
    insertTextBefore(parent, text, reference) {
      if (reference.previous?.isText) reference.previous.text += text;
      else insert(parent, create(TEXT, text), reference);
    },
    adoptAttributes(recipient, attributes) {
      const names = new Set(recipient.attributes.map(({ name }) => name));
      const others = attributes.filter(({ name }) => !names.has(name));
      if (others.length > 0) recipient.attributes = [...recipient.attributes, ...others];
    },
    // The content of a template is a fragment, its only child.
    setTemplateContent: (template, content) => insert(template, content, null),
    getTemplateContent: template => template.first ?? template,
    setDocumentType: (document, name) => insert(document, create(DOCUMENT_TYPE, name), null),
    setDocumentMode: (_document, found) => {
      mode = found;
    },
    getDocumentMode: () => mode,
    getFirstChild: node => node.first,
    getChildNodes: node => [...node.children()],
    getParentNode: node => node.parent,
    getAttrList: element => [...element.attributes],
    getTagName: element => element.name,
    getNamespaceURI: element => element.namespace,
    getTextNodeContent: node => node.text,
    getCommentNodeContent: node => node.text,
    getDocumentTypeNodeName: node => node.text,
    getDocumentTypeNodePublicId: () => "",
    getDocumentTypeNodeSystemId: () => "",
    isTextNode: (node): node is PageNode => node.isText,
    isCommentNode: (node): node is PageNode => node.name === COMMENT,
    isDocumentTypeNode: (node): node is PageNode => node.name === DOCUMENT_TYPE,
    isElementNode: (node): node is PageNode => node.isElement,
    // Places in the text are not used.
    getNodeSourceCodeLocation: () => null,
    setNodeSourceCodeLocation() {},
    updateNodeSourceCodeLocation() {},
    onItemPush() {
      if (++depth > MAX_ELEMENT_DEPTH) throw new RangeError(`it nests more than ${MAX_ELEMENT_DEPTH} levels`);
    },
    onItemPop() {
      depth--;
    },
  };
}

function insert(parent: PageNode, node: PageNode, before: PageNode | null): void {
  const previous = before === null ? parent.last : before.previous;
  node.parent = parent;
  node.previous = previous;
  node.next = before;
  if (previous === null) parent.first = node;
  else previous.next = node;
  if (before === null) parent.last = node;
  else before.previous = node;
}

function detach(node: PageNode): void {
  const { parent, previous, next } = node;
  if (parent === null) return;
  if (previous === null) parent.first = next;
  else previous.next = next;
  if (next === null) parent.last = previous;
  else next.previous = previous;
  node.parent = null;
  node.previous = null;
  node.next = null;
}

/** The adapter by which `css-select` walks a page. */
export const pageSelection: NonNullable<Options<PageNode, PageNode>["adapter"]> = {
  isTag: (node): node is PageNode => node.isElement,
  getName: element => element.name,
  getAttributeValue: (element, name) => element.attributes.find(found => found.name === name)?.value,
  hasAttrib: (element, name) => element.attributes.some(found => found.name === name),
  getChildren: node => [...node.children()],
  getParent: element => element.parent,
  getSiblings: node => (node.parent === null ? [node] : [...node.parent.children()]),
  prevElementSibling(node) {
    let found = node.previous;
    while (found !== null && !found.isElement) found = found.previous;
    return found;
  },
  getText: textOf,
  removeSubsets(nodes) {
    const all = new Set(nodes);
    return [...all].filter(node => {
      let above = node.parent;
      while (above !== null && !all.has(above)) above = above.parent;
      return above === null;
    });
  },
};

/** Returns the text below a node, without scripts and styles. A line break is a space. */
export function textOf(node: PageNode): string {
  if (node.isText) return node.text;
  if (node.name === "br") return " ";
  if (node.name === "script" || node.name === "style" || node.name === COMMENT) return "";
  let text = "";
  for (const child of node.children()) text += textOf(child);
  return text;
}

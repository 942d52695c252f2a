import { describe, expect, it } from "vitest";
import type { CatalogueFile } from "../../../src/catalogue/catalogue-file.ts";
import { openSearch } from "../../../src/catalogue/search/catalogue-index.ts";
import { searchCatalogue } from "../../../src/catalogue/search/search-catalogue.ts";

// A few operations of made-up APIs. The words of each question are others than those of the answer.

const files: readonly CatalogueFile[] = [
  file("parcel-labels", "Parcel Shipping API", "https://api.parcel.example", [
    "createLabel | POST /labels | Create a shipping label",
    "listLabels | GET /labels | List labels",
    "getLabel | GET /labels/{label_id} | Retrieve a label",
    "updateLabel | PATCH /labels/{label_id} | Update a label",
    "deleteLabel | DELETE /labels/{label_id} | Delete a label",
    "voidlabelforrefund | POST /labels/{label_id}/void | Void a label and refund its price",
  ]),
  file("parcel-labels-legacy", "Parcel Shipping API", "https://api.parcel.example", [
    "labelscreate | POST /labels | Parcel Create a label",
  ]),
  file("talk-rooms", "Talk API", "https://talk.example.com/api", [
    "rooms.postMessage | POST /rooms.postMessage | Sends a message to a room",
    "rooms.kick | POST /rooms.kick | Removes a member from a room",
    "rooms.members | GET /rooms.members | Lists the members of a room",
    "auth.identity | GET /auth.identity | Tells the identity of the caller",
    "sessions.end | POST /sessions.end | Ends a session",
    "photos.set | POST /photos.set | Sets the photo of a member",
  ]),
  file("ledger-billing", "Ledger Billing", "https://ledger.example.org", [
    "ChargeCreate | POST /v1/charges | Creates a charge",
    "ChargeRefund | POST /v1/charges/{charge}/refund | Refunds a charge",
    "InvoiceRemind | POST /v1/invoices/{invoice}/remind | Sends a reminder of an invoice",
    "SubscriptionCancel | DELETE /v1/subscriptions/{subscription} | Cancels a subscription",
    "RotateSigningSecret | POST /v1/signing_secrets/{id}/rotate | Rotates a signing secret",
    "顧客を削除 | DELETE /v1/customers/{customer} | 顧客を削除します",
    "فاتورة | GET /v1/fatoora | إنشاء فاتورة جديدة",
  ]),
];

function file(name: string, label: string, baseUri: string, lines: readonly string[]): CatalogueFile {
  return {
    name,
    file: `/capabilities/${name}.yaml`,
    stamp: "",
    label,
    description: "",
    tags: [label.split(" ")[0] ?? ""],
    operationCount: lines.length,
    adapters: [{ namespace: name, baseUri }],
    variables: [],
    operations: lines.map(line => {
      const [operation = "", request = "", description = ""] = line.split(" | ");
      const [method = "", path = ""] = request.split(" ");
      return {
        name: operation,
        reference: operation,
        namespace: name,
        resource: "r",
        method,
        path,
        description,
        inputs: [],
      };
    }),
  };
}

const catalogue = await openSearch({ files, generation: "", place: undefined });
const ALL = { methods: [], tags: [] };

function find(question: string, filters: Partial<Parameters<typeof searchCatalogue>[2]> = {}, limit = 10): string[] {
  return searchCatalogue(catalogue, question, { ...ALL, ...filters }, limit).map(({ operation }) => operation.name);
}

describe("searchCatalogue()", () => {
  it.each([
    // Names, in every spelling.
    ["createLabel", "createLabel"],
    ["create_label", "createLabel"],
    ["voidlabelforrefund", "voidlabelforrefund"],
    ["void label for refund", "voidlabelforrefund"],
    ["rooms.postMessage", "rooms.postMessage"],
    ["roomspostmessage", "rooms.postMessage"],
    ["GET /labels/{label_id}", "getLabel"],
    ["delete /labels/{label_id}", "deleteLabel"],
    // Inflections.
    ["labels creation", "createLabel"],
    ["refunding charges", "ChargeRefund"],
    ["deleted labels", "deleteLabel"],
    // Other words.
    ["destroy label", "deleteLabel"],
    ["erase a label", "deleteLabel"],
    ["new label", "createLabel"],
    ["change label", "updateLabel"],
    ["show all labels", "listLabels"],
    ["who am i", "auth.identity"],
    ["throw somebody out of the room", "rooms.kick"],
    ["log out", "sessions.end"],
    ["upload avatar", "photos.set"],
    ["money back", "ChargeRefund"],
    ["end the monthly plan", "SubscriptionCancel"],
    ["renew the secret", "RotateSigningSecret"],
    ["people in a channel", "rooms.members"],
    // Misspelt, and written together.
    ["lable creat", "createLabel"],
    ["refnud charge", "ChargeRefund"],
    ["invoce reminder", "InvoiceRemind"],
    ["subscripton cancle", "SubscriptionCancel"],
    ["chargerefund", "ChargeRefund"],
    ["signingsecret rotate", "RotateSigningSecret"],
    // A product.
    ["talk message", "rooms.postMessage"],
    ["ledger charge", "ChargeCreate"],
    // Other scripts.
    ["顧客", "顧客を削除"],
    ["فاتورة", "فاتورة"],
    // Punctuation.
    ["(create|label)[*+?", "createLabel"],
    ["\u001b[void\u0000 label\u0007", "voidlabelforrefund"],
  ])("finds for %j %s", (question, name) => {
    expect(find(question)[0]).toBe(name);
  });

  it("finds what has only the common word of a question, behind the rest", () => {
    const found = find("void label");
    expect(found[0]).toBe("voidlabelforrefund");
    expect(found).toContain("listLabels");
  });

  it.each([
    ["invoice a guest", "GuestInvoice"],
    ["please invoice the guest", "GuestInvoice"],
    ["how do I invoice somebody", "GuestInvoice"],
    ["Report on guests", "GuestReport"],
    ["pay guest invoices", "InvoicePay"],
    ["guest invoices", "GuestInvoices"],
    ["invoices of the guest", "GuestInvoices"],
  ])("does what is ordered, and looks at what is named: %j", async (question, name) => {
    const hotel = file("hotel-guests", "Hotel API", "https://hotel.example", [
      "GuestInvoices | GET /guests/{guest}/invoices | Invoices of a guest",
      "GuestInvoice | POST /guests/{guest}/invoice | Invoice of a guest",
      "GuestReports | GET /guests/reports | Reports of guests",
      "GuestReport | POST /guests/report | Report of guests",
      "InvoicePaid | GET /guests/{guest}/invoices/paid | Paid invoices of a guest",
      "InvoicePay | POST /guests/{guest}/invoices/pay | Pay the invoices of a guest",
    ]);
    const searched = await openSearch({ files: [hotel], generation: "", place: undefined });
    expect(searchCatalogue(searched, question, ALL, 1)[0]?.operation.name).toBe(name);
  });

  it("finds a request once that is published twice", () => {
    const found = find("create label");
    expect(found).toContain("createLabel");
    expect(found).not.toContain("labelscreate");
    expect(find("labelscreate")[0]).toBe("labelscreate");
  });

  it.each([
    { filters: { methods: ["DELETE"] as const }, question: "label", names: ["deleteLabel"] },
    {
      filters: { methods: ["GET", "PATCH"] as const },
      question: "label",
      names: ["listLabels", "getLabel", "updateLabel"],
    },
    { filters: { tags: ["talk"] }, question: "message member label", names: ["rooms.postMessage", "rooms.members"] },
    {
      filters: { isCapability: (name: string) => name === "parcel-labels-legacy" },
      question: "create",
      names: ["labelscreate"],
    },
    { filters: { isCapability: () => false }, question: "create label", names: [] },
  ])("keeps to $filters", ({ filters, question, names }) => {
    const found = find(question, filters);
    if (names.length < 2) expect(found).toEqual(names);
    for (const name of names) expect(found).toContain(name);
  });

  it("finds no more than asked for", () => {
    expect(find("label", {}, 2)).toHaveLength(2);
  });

  it.each([
    { what: "nothing that is there", question: "zzqqxx" },
    { what: "nothing", question: "" },
    { what: "spaces", question: " \n\t " },
    { what: "punctuation", question: "?!.*+[](){}^$|\\" },
    { what: "controls", question: "\u0000\u0007\u001b\u007f\u200b" },
    { what: "a lone surrogate", question: "\ud800" },
  ])("finds nothing for $what", ({ question }) => {
    expect(find(question)).toEqual([]);
  });

  it.each([
    { what: "one letter", question: "l" },
    { what: "stop words", question: "the of and in to" },
    { what: "100 KB of one word", question: "label".repeat(20_000) },
    { what: "100 KB of words", question: "create label ".repeat(8_000) },
    { what: "100 KB of others", question: Array.from({ length: 12_000 }, (_, index) => `w${index}x`).join(" ") },
    { what: "names of members of every object", question: "__proto__ constructor hasOwnProperty" },
    { what: "many capitals", question: "aB".repeat(50_000) },
  ])("answers a question of $what", ({ question }) => {
    expect(find(question).length).toBeLessThanOrEqual(10);
  });

  it("reads what stands first in a long question", () => {
    expect(find(`void label ${"x ".repeat(50_000)}`)[0]).toBe("voidlabelforrefund");
  });
});

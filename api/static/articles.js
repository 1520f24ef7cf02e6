// Here is whoever looks after the articles; list, find, add, correct, replace and delete them.

import { bar } from "./bar.js";
import { call, patch, request } from "./call.js";
import { facts } from "./article.js";
import { droppedFiles, MOST } from "./dropped.js";
import { make } from "./make.js";
import { factInputs, inOneLine, numbered, reason, Waiting } from "./upload.js";
import { number, t } from "./words.js";

const byId = (id) => document.getElementById(id);
const [list, more, said, filter, drop, files, queue] =
  ["list", "more", "said", "filter", "drop", "files", "queue"].map(byId);

let editor = false;
let cursor = null;
const waiting = [];

const path = (one) => `/v1/documents/${encodeURIComponent(one.document_id)}`;

function button(label, name, onclick) {
  return make("button", { type: "button", className: "quiet", "aria-label": name, onclick }, label);
}

function row(one) {
  const item = make("li", { className: "document" });
  item.dataset.id = one.document_id;
  show(one, item);
  return item;
}

function show(one, item) {
  const title = one.title || one.source;
  const link = make("a", { href: `/documents/${encodeURIComponent(one.document_id)}`, lang: "zh-CN" }, title);
  const about = [facts(one), one.characters ? t("characters", number(one.characters)) : "", one.source];
  item.replaceChildren(
    make("div", { className: "what" }, link, make("span", { className: "facts" }, about.filter(Boolean).join(" · "))),
  );
  if (!editor) return;
  item.append(
    make(
      "div",
      { className: "actions" },
      button(t("correct"), t("correctOf", title), () => correct(one, item)),
      button(t("replace"), t("replaceOf", title), () => replace(one, item)),
      button(t("remove"), t("removeOf", title), () => remove(one, item)),
    ),
  );
}

const listed = (id) => [...list.children].find((item) => item.dataset.id === id);

function tell(item, error) {
  item.querySelector(".problem")?.remove();
  item.append(reason(error));
}

function correct(one, item) {
  const shown = (about) => {
    show(about, item);
    item.querySelector("button").focus();
  };
  const cancel = make("button", { type: "button", className: "quiet", onclick: () => shown(one) }, t("cancel"));
  const form = make("form", { className: "facts-form" }, ...factInputs(one), make("button", { className: "quiet" }, t("save")), cancel);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    const body = { title: given.title.trim(), region: given.region.trim() || null };
    if (given.date !== (one.date ?? "") || one.date_inferred) body.date = given.date || null;
    try {
      shown(await patch(path(one), body));
    } catch (error) {
      tell(item, error);
    }
  };
  item.replaceChildren(form);
  form.querySelector("input").focus();
}

// A file in the place of an article: shown first, kept when wanted, and that can be undone.
function replace(one, item) {
  const input = make("input", { type: "file", accept: files.accept });
  input.onchange = () => {
    const kept = (document) => {
      show(document, item);
      const undo = undoing(one, item);
      item.append(make("span", { role: "status" }, t("replacedOf", one.title || one.source)), " ", undo);
      undo.focus();
    };
    const next = new Waiting(input.files[0], one.source, kept, () => {}, one);
    item.querySelector(".queue")?.remove();
    item.append(make("ul", { className: "queue" }, next.element));
    next.read();
  };
  input.click();
}

// A button that brings an article back into its row.
function undoing(one, item) {
  const undo = make("button", { type: "button", className: "quiet", "aria-label": t("undoOf", one.title || one.source) }, t("undo"));
  undo.onclick = async () => {
    try {
      const document = await call(`${path(one)}/restore`, { method: "POST" });
      const shown = listed(one.document_id) ?? row(document);
      if (!shown.isConnected) list.prepend(shown);
      show(document, shown);
      if (shown !== item) item.remove();
      byId("undoing").hidden = !byId("gone").children.length;
      shown.querySelector("button").focus();
      said.textContent = t("restored");
      tally();
    } catch (error) {
      tell(item, error);
    }
  };
  return undo;
}

async function remove(one, item) {
  try {
    await request(path(one), { method: "DELETE" });
  } catch (error) {
    tell(item, error);
    return;
  }
  const undo = undoing(one, item);
  item.replaceChildren(make("span", { role: "status" }, t("deleted", one.title || one.source)), " ", undo);
  tally();
  undo.focus();
}

// What was deleted or replaced before the page was opened anew can still come back for a while.
async function showRemoved() {
  const { documents } = await call("/v1/removed");
  const rows = documents.map((one) => {
    const item = make("li");
    item.append(t(one.replaced ? "replacedOf" : "deleted", one.title), " ", undoing(one, item));
    return item;
  });
  byId("gone").replaceChildren(...rows);
  byId("undoing").hidden = !rows.length;
}

// What the address says is wanted.
function wanted() {
  const given = new URLSearchParams(location.search);
  return { q: given.get("q"), region: given.get("region"), from: given.get("from"), to: given.get("to") };
}

async function page({ q, region, from, to }) {
  const given = { limit: 50, cursor, q, region, date_from: from, date_to: to };
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  const { documents, next_cursor: next } = await call(`/v1/documents?${query}`);
  cursor = next;
  return documents;
}

// How many there are, and from where; anew after every change.
async function tally() {
  const { regions, documents } = await call("/v1/examples").catch(() => ({ regions: [], documents: 0 }));
  byId("count").textContent = documents ? t("count", number(documents)) : "";
  byId("regions").replaceChildren(...regions.map((value) => make("option", { value })));
}

async function load() {
  try {
    const rows = (await page(wanted())).map(row);
    const further = document.activeElement === more;
    list.append(...rows);
    if (further) rows[0]?.querySelector("a").focus();
    said.textContent = list.children.length ? "" : t("noArticles");
    more.hidden = !cursor;
  } catch (error) {
    said.replaceChildren(reason(error));
  }
}

// The name under which a file is kept: its own, unless another of the queue has that; then with its
// folders, or a number. Two files never become one article unseen.
function sourceFor(file, folder) {
  const taken = new Set(waiting.filter((one) => !one.done && one.element.isConnected).map((one) => one.source));
  let name = file.name;
  if (taken.has(name) && folder) name = inOneLine(folder);
  for (let at = 2; taken.has(name); at += 1) name = numbered(file.name, at);
  return name;
}

function add(chosen, folders = new Map()) {
  for (const file of chosen) {
    const one = new Waiting(file, sourceFor(file, folders.get(file)), (document) => {
      listed(document.document_id)?.remove();
      list.prepend(row(document));
      tally();
    }, offerToSave);
    waiting.push(one);
    byId("waiting").append(one.element);
  }
  queue.hidden = false;
  readNext();
}

// "Save all" is there as long as there is something to save; "replace all" where that is asked.
function offerToSave() {
  const [save, over] = [byId("save-all"), byId("replace-all")];
  const focused = [save, over].includes(document.activeElement);
  save.hidden = !waiting.some((one) => one.form);
  over.hidden = !waiting.some((one) => one.undecided);
  if (focused && save.hidden) byId("choose").focus();
}

// All that is filled in; what would replace an article waits until a person says so.
async function saveAll() {
  for (const one of waiting) if (one.form && !one.undecided) await one.save();
  const left = waiting.filter((one) => one.undecided);
  byId("dropped").textContent = left.length ? t("undecided", number(left.length)) : "";
  left[0]?.form.elements.same[0].focus();
}

// What was dropped; of a folder the page says what it left.
async function take(data) {
  const note = byId("dropped");
  try {
    const { files: found, paths, skipped, more } = await droppedFiles(data, files.accept);
    const left = [skipped ? t("skipped", number(skipped)) : "", more ? t("tooMany", number(MOST)) : "", found.length ? "" : t("noneDropped")];
    note.textContent = left.filter(Boolean).join("");
    if (found.length) add(found, paths);
  } catch {
    note.textContent = t("notDropped"); // a folder that was taken away, or may not be read
  }
}

// One file after the other: the service reads them in a few processes only.
let reading = false;
async function readNext() {
  if (reading) return;
  reading = true;
  for (const one of waiting) {
    if (one.begun || !one.element.isConnected) continue;
    one.begun = true;
    await one.read();
  }
  reading = false;
}

function listenForFiles() {
  byId("choose").onclick = () => files.click();
  files.onchange = () => {
    add([...files.files]);
    files.value = "";
  };
  // anywhere on the page: beside the field a browser would leave the page for the file
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!editor || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer);
    });
  }
  byId("save-all").onclick = saveAll;
  byId("replace-all").onclick = () => {
    for (const one of waiting) if (one.undecided) one.form.elements.same.value = "asReplacement";
    return saveAll();
  };
}

more.onclick = load;
listenForFiles();
for (const [name, value] of Object.entries(wanted())) filter.elements[name].value = value ?? "";
document.title = `${t("articles")} · ${t("name")}`;
const session = await bar("/articles").catch(() => ({ role: null }));
editor = session.role === "editor";
byId("adding").hidden = !editor;
load();
if (editor) showRemoved().catch((error) => said.replaceChildren(reason(error)));
tally();

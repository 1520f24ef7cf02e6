// Here are files a person chose; show each as it would be kept, and keep those they want.

import { problem, toSignIn } from "./call.js";
import { characters, facts } from "./article.js";
import { make } from "./make.js";
import { explained } from "./refusals.js";
import { has, number, t } from "./words.js";

// fetch tells nothing of how far an upload is; XMLHttpRequest does.
// `fresh`: refused where an article of its source is there, which it would replace.
export function send(path, file, fields, progress, fresh = false) {
  const body = new FormData();
  body.append("file", file);
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", path);
    asked.responseType = "json";
    if (fresh) asked.setRequestHeader("If-None-Match", "*");
    asked.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    asked.onerror = () => reject(new Error(t("offline")));
    asked.onload = () => {
      if (asked.status < 300) resolve(asked.response);
      else {
        if (asked.status === 401) toSignIn();
        reject(problem(asked.status, asked.response, asked.getResponseHeader("Retry-After")));
      }
    };
    asked.send(body);
  });
}

export function reason(error) {
  return make(
    "span",
    { className: "problem", role: "alert" },
    ...explained(error),
  );
}

// The title, date and place of an article, to be corrected.
export function factInputs(found) {
  const field = (name, value, more = {}) =>
    make("label", {}, `${t(name)} `, make("input", { name, value: value ?? "", maxLength: 200, ...more }));
  return [
    field("title", found.title, { required: true, className: "long" }),
    field("date", found.date, { pattern: "\\d{4}(-\\d{2}(-\\d{2})?)?", title: t("dateForm"), size: 10 }),
    field("region", found.region, { size: 12 }),
  ];
}

const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

// The source, with what is left out struck through; the headline is not, which becomes the title.
function struck(preview) {
  const title = letters(preview.title);
  const text = characters(preview.source_text);
  const parts = [];
  let at = 0;
  for (const { source_start: start, source_end: end, reason: why } of preview.dropped) {
    if (start < at || end <= start) continue;
    const said = letters(text.slice(start, end));
    if (said && title.includes(said)) continue;
    parts.push(text.slice(at, start), make("del", { title: has(`d_${why}`) ? t(`d_${why}`) : why }, text.slice(start, end)));
    at = end;
  }
  parts.push(text.slice(at, text.length));
  return make("pre", { className: "published" }, ...parts);
}

function beside(preview) {
  const half = (name, body) =>
    make("section", { tabIndex: 0, "aria-label": t(name), lang: "zh-CN" }, make("h3", {}, t(name)), body);
  return make(
    "div",
    { className: "beside", hidden: true },
    half("clean", make("div", { className: "article" }, ...preview.text.split("\n").filter(Boolean).map((one) => make("p", {}, one)))),
    half("asReceived", struck(preview)),
  );
}

// 2022/简报.txt → 2022/简报 (2).txt
export function numbered(source, number) {
  const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(inOneLine(source));
  return `${stem} (${number})${ending ?? ""}`;
}

// What the service takes as a source: one line, nothing unseen in it, its end where it is too long.
const LONGEST = 190;

export function inOneLine(name) {
  return Array.from(name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").trim()).slice(-LONGEST).join("");
}

// Whether it replaces the article of its name or is kept beside it: nobody decides that but a person.
function sameName(id) {
  const option = (value) => make("label", {}, make("input", { type: "radio", name: "same", value, required: true }), ` ${t(value)}`);
  const link = make("a", { href: `/documents/${encodeURIComponent(id)}`, target: "_blank" }, t("sameName"));
  return make("fieldset", { className: "same" }, make("legend", {}, link), option("asReplacement"), option("asAnother"));
}

// One file of the queue: read at once, kept when wanted, as `source`. `kept(document)` is told, and
// `changed()` whenever there is a form to save or none any more. `former` is what it is to replace.
export class Waiting {
  constructor(file, source, kept, changed, former = null) {
    this.file = file;
    this.source = source;
    this.kept = kept;
    this.changed = changed;
    this.former = former;
    this.form = null;
    this.done = false;
    this.bar = make("progress", { max: 1, value: 0, "aria-label": t("progress", file.name) });
    this.state = make("span", { className: "state", role: "status" }, t("reading"));
    this.body = make("div", {});
    const renamed = former || source === file.name ? null : make("span", { className: "facts" }, t("keptAs", source));
    this.element = make("li", {}, make("strong", {}, file.name), " ", renamed, " ", this.state, this.bar, this.body);
  }

  // A source that is not the file's own name, which the service itself makes one of.
  stated(source) {
    return source === this.file.name ? "" : source;
  }

  // Still to be decided: whether it may replace the article of its name.
  get undecided() {
    return Boolean(this.form?.elements.same) && !this.form.elements.same.value;
  }

  async read() {
    try {
      this.show(await send("/v1/documents/preview", this.file, { source: this.stated(this.source) }, (share) => { this.bar.value = share; }));
    } catch (error) {
      this.fail(error);
    }
  }

  show(preview) {
    const size = [facts(preview), t("characters", number(preview.characters)), this.former ? t("replacing", this.former.title || this.source) : ""];
    this.state.textContent = size.filter(Boolean).join(" · ");
    this.bar.hidden = true;
    const both = beside(preview);
    const look = make("button", { type: "button", className: "quiet", "aria-expanded": "false" }, t("preview"));
    look.onclick = () => {
      both.hidden = !both.hidden;
      look.setAttribute("aria-expanded", String(!both.hidden));
    };
    this.id = preview.document_id;
    const same = preview.replaces && !this.former ? sameName(this.id) : null;
    this.form = make("form", { className: "facts-form" }, ...factInputs(preview), same, make("button", { className: "quiet" }, t("save")), look, this.discard());
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.save();
    };
    this.body.replaceChildren(this.form, both);
    this.changed();
  }

  // A button that takes the file out of the queue; "save all" must not save it after that.
  discard() {
    const gone = () => {
      const next = this.element.nextElementSibling ?? this.element.previousElementSibling ?? this.element.closest(".document");
      this.form = null;
      this.element.remove();
      (next?.querySelector("button") ?? document.getElementById("choose")).focus();
      this.changed();
    };
    return make("button", { type: "button", className: "quiet", "aria-label": t("discardOf", this.file.name), onclick: gone }, t("discard"));
  }

  // The article as kept; of a name that is taken only where a person chose so.
  async keep({ same, ...fields }) {
    const progress = (share) => { this.bar.value = share; };
    const put = (source, fresh) => send("/v1/documents", this.file, { ...fields, source: this.stated(source) }, progress, fresh);
    if (same !== "asAnother") return put(this.source, !this.former && same !== "asReplacement");
    for (let at = 2; ; at += 1) {
      try {
        return await put(numbered(this.source, at), true);
      } catch (error) {
        if (error.code !== "exists") throw error;
      }
    }
  }

  async save() {
    const form = this.form;
    if (!form || !form.reportValidity()) return;
    const fields = Object.fromEntries(new FormData(form));
    this.form = null;
    this.state.textContent = t("saving");
    this.bar.hidden = false;
    this.body.hidden = true;
    try {
      const document = await this.keep(fields);
      this.done = true;
      this.state.textContent = t("saved");
      this.body.replaceChildren();
      this.kept(document);
    } catch (error) {
      // what was filled in stays, to be put right
      this.form = form;
      this.state.textContent = "";
      this.body.querySelector(".problem")?.remove();
      this.body.prepend(reason(error));
      // somebody else kept one of this name since it was read
      if (error.code === "exists" && !form.elements.same) form.querySelector("button").before(sameName(this.id));
    }
    this.bar.hidden = true;
    this.body.hidden = false;
    this.changed();
  }

  fail(error) {
    this.done = true;
    this.bar.hidden = true;
    this.state.textContent = "";
    this.body.replaceChildren(reason(error), " ", this.discard());
  }
}

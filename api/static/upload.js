// Here are files a person chose; show each as it would be kept, and keep those they want.

import { problem, toSignIn } from "./call.js";
import { characters, facts } from "./article.js";
import { make } from "./make.js";
import { explained } from "./refusals.js";
import { has, number, t } from "./words.js";

// fetch tells nothing of how far an upload is; XMLHttpRequest does.
export function send(path, file, fields, progress) {
  const body = new FormData();
  body.append("file", file);
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", path);
    asked.responseType = "json";
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

// The source, with what is left out struck through.
function struck(preview) {
  const text = characters(preview.source_text);
  const parts = [];
  let at = 0;
  for (const { source_start: start, source_end: end, reason: why } of preview.dropped) {
    if (start < at || end <= start) continue;
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

// One file of the queue: read at once, kept when wanted. `kept(document)` is told, and `changed()`
// whenever there is a form to save or none any more.
export class Waiting {
  constructor(file, kept, changed) {
    this.file = file;
    this.kept = kept;
    this.changed = changed;
    this.form = null;
    this.bar = make("progress", { max: 1, value: 0, "aria-label": t("progress", file.name) });
    this.state = make("span", { className: "state", role: "status" }, t("reading"));
    this.body = make("div", {});
    this.element = make("li", {}, make("strong", {}, file.name), " ", this.state, this.bar, this.body);
  }

  async read() {
    try {
      this.show(await send("/v1/documents/preview", this.file, {}, (share) => { this.bar.value = share; }));
    } catch (error) {
      this.fail(error);
    }
  }

  show(preview) {
    const size = [facts(preview), t("characters", number(preview.characters)), preview.replaces ? t("replaces") : ""];
    this.state.textContent = size.filter(Boolean).join(" · ");
    this.bar.hidden = true;
    const both = beside(preview);
    const look = make("button", { type: "button", className: "quiet", "aria-expanded": "false" }, t("preview"));
    look.onclick = () => {
      both.hidden = !both.hidden;
      look.setAttribute("aria-expanded", String(!both.hidden));
    };
    this.form = make("form", { className: "facts-form" }, ...factInputs(preview), make("button", { className: "quiet" }, t("save")), look, this.discard());
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
      const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
      this.form = null;
      this.element.remove();
      (next?.querySelector("button") ?? document.getElementById("choose")).focus();
      this.changed();
    };
    return make("button", { type: "button", className: "quiet", "aria-label": t("discardOf", this.file.name), onclick: gone }, t("discard"));
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
      const document = await send("/v1/documents", this.file, fields, (share) => { this.bar.value = share; });
      this.state.textContent = t("saved");
      this.body.replaceChildren();
      this.kept(document);
    } catch (error) {
      // what was filled in stays, to be put right
      this.form = form;
      this.state.textContent = "";
      this.body.querySelector(".problem")?.remove();
      this.body.prepend(reason(error));
    }
    this.bar.hidden = true;
    this.body.hidden = false;
    this.changed();
  }

  fail(error) {
    this.bar.hidden = true;
    this.state.textContent = "";
    this.body.replaceChildren(reason(error), " ", this.discard());
  }
}

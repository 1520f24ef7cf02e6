// Here is a person with a question; ask it, show the answer, and open its sources beside it.

import { answerElement } from "./answer.js";
import { showArticle } from "./article.js";
import { call, post } from "./call.js";
import { make } from "./make.js";

const byId = (id) => document.getElementById(id);
const [form, question, turns, empty, begin] =
  ["ask", "question", "turns", "empty", "begin"].map(byId);
const [source, article, whole] = ["source", "article", "whole"].map(byId);

let conversation = null;
let asking = null; // the AbortController of the question under way
let opener = null; // what to focus again once the source is closed

// What takes less than this shows no sign of waiting.
const WAIT_MS = 300;

async function ask(text) {
  if (asking) asking.abort();
  const current = new AbortController();
  asking = current;
  empty.hidden = true;
  begin.hidden = false;
  const reply = make("div", { className: "reply" });
  turns.append(make("section", { className: "turn" }, make("h2", {}, text), reply));
  const waiting = setTimeout(() => reply.append(make("p", { className: "wait" }, "正在查找")), WAIT_MS);
  try {
    const body = { question: text, conversation_id: conversation };
    const answer = await post("/v1/ask", body, current.signal);
    conversation = answer.conversation_id;
    reply.replaceChildren(answerElement(answer, open, vote));
  } catch (error) {
    const words = error.name === "AbortError" ? "已停止" : error.message;
    reply.replaceChildren(make("p", { className: "problem" }, words));
  } finally {
    clearTimeout(waiting);
    if (asking === current) asking = null;
  }
  reply.parentElement.scrollIntoView({ block: "start" });
}

async function vote(answerId, value) {
  try {
    await post("/v1/feedback", { answer_id: answerId, vote: value });
    return "已记下，谢谢";
  } catch (error) {
    return error.message;
  }
}

async function open(citation) {
  if (source.hidden) {
    opener = document.activeElement;
    history.pushState(null, "", citation.url);
  } else {
    history.replaceState(null, "", citation.url);
  }
  source.hidden = false;
  document.body.classList.add("with-source");
  whole.href = citation.url;
  source.focus({ preventScroll: true });
  try {
    byId("name").textContent = citation.title || citation.source;
    await showArticle(article, citation.document_id, citation);
  } catch (error) {
    article.replaceChildren(make("p", { className: "problem" }, error.message));
  }
}

function close() {
  source.hidden = true;
  document.body.classList.remove("with-source");
  if (opener) opener.focus();
}

function startAgain() {
  if (asking) asking.abort();
  conversation = null;
  turns.replaceChildren();
  if (!source.hidden) history.back();
  empty.hidden = false;
  begin.hidden = true;
  question.focus();
}

async function welcome() {
  const { documents, questions } = await call("/v1/examples");
  byId("holdings").prepend(`收录文章 ${documents.toLocaleString("zh-CN")} 篇。`);
  byId("examples").replaceChildren(
    ...questions.map((text) =>
      make("li", {}, make("button", { type: "button", onclick: () => ask(text) }, text)),
    ),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  question.value = "";
  question.rows = 1;
  ask(text);
});
question.addEventListener("keydown", (event) => {
  // isComposing: Enter that only chooses a word of a Chinese input method
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
question.addEventListener("input", () => {
  question.rows = Math.min(6, question.value.split("\n").length);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (asking) asking.abort();
  else if (!source.hidden) history.back();
});
byId("close").addEventListener("click", () => history.back());
window.addEventListener("popstate", () => {
  if (location.pathname === "/") close();
  else location.reload(); // forward again to an article: show it on its own page
});
begin.addEventListener("click", startAgain);
welcome().catch((error) => {
  byId("examples").replaceChildren(make("li", { className: "problem" }, error.message));
});

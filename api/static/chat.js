// Here is a person with a question; ask it, show the answer, and open its sources beside it.

import { answerElement } from "./answer.js";
import { showArticle } from "./article.js";
import { bar } from "./bar.js";
import { call, events, problem } from "./call.js";
import { make } from "./make.js";
import { talks } from "./talks.js";
import { number, t } from "./words.js";

const byId = (id) => document.getElementById(id);
const [form, question, turns, empty, stop] = ["ask", "question", "turns", "empty", "stop"].map(byId);
const [source, article, whole, panel] = ["source", "article", "whole", "talks"].map(byId);

let conversation = null;
let asking = null; // the AbortController of the question under way
let opener = null; // what to focus again once the source is closed

// What takes less than this shows no sign of waiting.
const WAIT_MS = 300;

const home = () => (conversation ? `/?c=${encodeURIComponent(conversation)}` : "/");
const listTalks = talks(byId("talk-list"), () => conversation, go, (id) => {
  if (id === conversation) startAgain();
  else byId("begin").focus();
});
const refreshTalks = () => listTalks().catch(() => {});

function turnElement(text) {
  const edit = make("button", { type: "button", className: "small", "aria-label": t("editOf", text) }, t("edit"));
  edit.onclick = () => {
    question.value = text;
    question.dispatchEvent(new Event("input"));
    question.focus();
  };
  const reply = make("div", { className: "reply" });
  const turn = make("section", { className: "turn" }, make("div", { className: "asked" }, make("h2", { lang: /[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en" }, text), edit), reply);
  return { turn, reply };
}

async function ask(text) {
  if (asking) asking.abort();
  const current = new AbortController();
  asking = current;
  stop.hidden = false;
  empty.hidden = true;
  const { turn, reply } = turnElement(text);
  reply.setAttribute("aria-busy", "true");
  turns.append(turn);
  turn.scrollIntoView({ block: "start" });
  const waiting = setTimeout(() => reply.append(make("p", { className: "wait" }, t("waiting"))), WAIT_MS);
  try {
    await receive(text, turn, reply, current.signal, waiting);
  } catch (error) {
    const words = error.name === "AbortError" ? t("stopped") : error.message;
    const again = make("button", { type: "button", className: "quiet again" }, t("again"));
    again.onclick = () => {
      turn.remove();
      question.focus();
      ask(text);
    };
    reply.replaceChildren(make("p", { className: "problem", role: "alert" }, words), again);
    // on the way to the page to sign in: what was typed must not be lost
    if (error.code === "unauthorized") unsent(text);
  } finally {
    clearTimeout(waiting);
    reply.removeAttribute("aria-busy");
    if (asking === current) {
      asking = null;
      stop.hidden = true;
    }
  }
  turn.scrollIntoView({ block: "start" });
}

// The question that could not be sent for want of a session; with a text, keep it for afterwards.
function unsent(text = null) {
  try {
    const kept = sessionStorage.getItem("unsent");
    if (text === null) sessionStorage.removeItem("unsent");
    else sessionStorage.setItem("unsent", text);
    return kept ?? "";
  } catch {
    return ""; // storage is closed to us: it must be typed again
  }
}

// Show the pieces of an answer as they come, and the whole once it is there.
async function receive(text, turn, reply, signal, waiting) {
  const body = { question: text, conversation_id: conversation, stream: true };
  const said = make("p", { className: "text coming" });
  for await (const [name, data] of events("/v1/ask", body, signal)) {
    clearTimeout(waiting);
    if (name === "error") throw problem(503, data);
    if (name === "delta") {
      if (!said.isConnected) reply.replaceChildren(said);
      said.append(data.text);
    }
    if (name === "answer") {
      const fresh = conversation !== data.conversation_id;
      conversation = data.conversation_id;
      if (fresh) document.title = `${text} · ${t("name")}`;
      if (fresh && source.hidden) history.pushState(null, "", home());
      turn.id = `a-${data.answer_id}`;
      reply.replaceChildren(answerElement(data, open));
      refreshTalks();
      return;
    }
  }
  throw new Error(t("broken"));
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
  if (opener && opener.isConnected) opener.focus();
}

function startAgain() {
  if (asking) asking.abort();
  if (!source.hidden) close();
  conversation = null;
  document.title = t("name");
  history.pushState(null, "", "/");
  turns.replaceChildren();
  empty.hidden = false;
  showPanel(false);
  refreshTalks();
  question.focus();
}

async function go(id) {
  if (!source.hidden) close();
  history.pushState(null, "", `/?c=${encodeURIComponent(id)}`);
  showPanel(false);
  await load(id);
  question.focus();
}

// Show a conversation as it was kept.
async function load(id) {
  if (asking) asking.abort();
  try {
    const kept = await call(`/v1/conversations/${encodeURIComponent(id)}`);
    conversation = kept.conversation_id;
    if (kept.turns.length) document.title = `${kept.turns[0].question} · ${t("name")}`;
    turns.replaceChildren(
      ...kept.turns.map((one) => {
        const { turn, reply } = turnElement(one.question);
        turn.id = `a-${one.answer_id}`;
        reply.append(one.answer ? answerElement(one.answer, open, one.feedback) : make("p", { className: "problem" }, t("gone")));
        return turn;
      }),
    );
    empty.hidden = true;
    const wanted = location.hash && byId(location.hash.slice(1));
    (wanted || turns.lastElementChild)?.scrollIntoView({ block: "start" });
  } catch (error) {
    conversation = null;
    turns.replaceChildren(make("p", { className: "problem" }, error.message));
  }
  refreshTalks();
}

async function welcome() {
  const { documents, regions, newest, questions } = await call("/v1/examples");
  const few = regions.slice(0, 5).join(t("comma"));
  const from = !regions.length ? "" : regions.length > 5 ? t("hasFromMore", few, number(regions.length)) : t("hasFrom", few);
  const line = documents ? t("has", number(documents), from, newest ? t("hasNewest", newest) : "") : t("hasNone");
  byId("coverage").textContent = line;
  byId("examples").replaceChildren(
    ...questions.map((text) =>
      make("li", {}, make("button", { type: "button", lang: "zh-CN", onclick: () => ask(text) }, text)),
    ),
  );
}

function showPanel(open) {
  panel.classList.toggle("shown", open);
  byId("show-talks")?.setAttribute("aria-expanded", String(open));
  if (open) byId("begin").focus();
}

function listen() {
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
    else if (panel.classList.contains("shown")) showPanel(false);
    else if (!source.hidden) history.back();
  });
  stop.addEventListener("click", () => asking?.abort());
  byId("close").addEventListener("click", () => history.back());
  byId("begin").addEventListener("click", startAgain);
  window.addEventListener("popstate", () => {
    if (location.pathname !== "/") {
      location.reload(); // forward again to an article: show it on its own page
      return;
    }
    const id = new URLSearchParams(location.search).get("c");
    if (!source.hidden) {
      close();
      // a conversation that began beside an open source has no address yet
      if (!id && conversation) history.replaceState(null, "", home());
      if (!id) return;
    }
    if (id === conversation) return;
    if (id) load(id);
    else location.reload();
  });
}

const toggle = make("button", { id: "show-talks", type: "button", className: "quiet", "aria-expanded": "false", "aria-controls": "talks" }, t("talks"));
toggle.onclick = () => showPanel(!panel.classList.contains("shown"));
bar("/", toggle).catch(() => {});
listen();
document.title = t("name");
question.value ||= unsent();
byId("send").disabled = false; // until here the form would have left the page
const named = new URLSearchParams(location.search).get("c");
if (named) load(named);
else refreshTalks();
welcome().catch((error) => {
  byId("examples").replaceChildren(make("li", { className: "problem" }, error.message));
});

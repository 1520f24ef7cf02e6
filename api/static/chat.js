// Here is a person with a question; ask it, show the answer, and open its sources beside it.

import { answerElement } from "./answer.js";
import { showArticle } from "./article.js";
import { bar } from "./bar.js";
import { call, events, problem } from "./call.js";
import { make } from "./make.js";
import { over } from "./over.js";
import { talks } from "./talks.js";
import { number, t } from "./words.js";
import { writerChoice } from "./writer.js";

const byId = (id) => document.getElementById(id);
const [form, question, turns, empty, stop] = ["ask", "question", "turns", "empty", "stop"].map(byId);
const [source, article, whole, panel] = ["source", "article", "whole", "talks"].map(byId);

const touched = matchMedia("(pointer: coarse)");
// On a narrow page the source lies over the conversation, on a wide one beside it.
const narrow = matchMedia("(max-width: 899px)");
const behind = [document.querySelector(".skip"), byId("bar"), document.querySelector("main"), form, panel];
const lie = over(source, behind);
const writer = writerChoice(byId("writer"), byId("generative"));

let conversation = null;
let asking = null; // the AbortController of the question under way
let opener = null; // what to focus again once the source is closed
let underway = ""; // the question that waits for its answer
let loading = Promise.resolve(); // the conversation that was chosen, while it is on its way
let latest = 0; // counts what was chosen: what arrives of an earlier choice is not shown

// What takes less than this shows no sign of waiting.
const WAIT_MS = 300;
// The key code of a key that an input method takes, where a browser ends composing before that.
const TYPING = 229;
// Frames in which a page settles after a jump.
const SETTLE = 5;

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

// The question to the top; again as those above, now out of view, get their sizes.
function toTop(turn, times = SETTLE) {
  turn.scrollIntoView({ block: "start" });
  if (times) requestAnimationFrame(() => toTop(turn, times - 1));
}

async function ask(text) {
  if (asking) asking.abort();
  const chosen = latest;
  await loading; // it is asked in the conversation that was chosen, not in the one before
  if (chosen !== latest) {
    question.value ||= text;
    return;
  }
  const current = new AbortController();
  asking = current;
  underway = text;
  stop.hidden = false;
  empty.hidden = true;
  const { turn, reply } = turnElement(text);
  reply.setAttribute("aria-busy", "true");
  turns.append(turn);
  toTop(turn);
  const wait = make("p", { className: "wait" }, t("waiting"));
  const waiting = setTimeout(() => reply.hasChildNodes() || reply.append(wait), WAIT_MS);
  try {
    await receive(text, turn, reply, current.signal, wait);
  } catch (error) {
    const words = error.name === "AbortError" ? t("stopped") : error.message;
    const again = make("button", { type: "button", className: "quiet" }, t("again"));
    again.onclick = () => {
      turn.remove();
      question.focus();
      ask(text);
    };
    reply.replaceChildren(make("p", { className: "problem", role: "alert" }, words), again);
    // on the way to the page to sign in: what was typed must not be lost
    if (error.code === "unauthorized") unsent(text);
    // it was deleted elsewhere: asked again, it begins a new one
    if (error.code === "not_found" && asking === current) forget();
  } finally {
    clearTimeout(waiting);
    reply.removeAttribute("aria-busy");
    if (asking === current) {
      asking = null;
      if (document.activeElement === stop && !touched.matches) question.focus();
      stop.hidden = true;
    }
  }
}

// No conversation is open any more.
function forget() {
  conversation = null;
  writer.at(null);
  if (source.hidden) history.replaceState(null, "", "/");
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
async function receive(text, turn, reply, signal, wait) {
  const body = { question: text, conversation_id: conversation, stream: true };
  if (writer.wanted) body.mode = "generative";
  const said = make("p", { className: "text coming" });
  for await (const [name, data] of events("/v1/ask", body, signal)) {
    signal.throwIfAborted();
    if (name === "error") throw problem(503, data);
    // a model may take seconds for its first words: say what is there already
    if (name === "passages" && body.mode && data.citations.length) wait.textContent = t("writing", number(data.citations.length));
    if (name === "delta") {
      if (!said.isConnected) reply.replaceChildren(said);
      said.append(data.text);
    }
    if (name === "answer") {
      const fresh = conversation !== data.conversation_id;
      conversation = data.conversation_id;
      if (fresh) writer.named(conversation);
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

function layOver() {
  const lies = narrow.matches && !source.hidden;
  lie(lies);
  byId("scrim").hidden = !lies;
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
  showPanel(false);
  layOver();
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
  layOver();
  (opener && opener.isConnected ? opener : question).focus();
}

function startAgain() {
  if (asking) asking.abort();
  if (!source.hidden) close();
  latest += 1;
  conversation = null;
  writer.at(null);
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
  if (!touched.matches) question.focus();
}

// Show a conversation as it was kept.
function load(id) {
  if (asking) asking.abort();
  latest += 1;
  conversation = id;
  writer.at(id);
  loading = arrive(id, latest);
  return loading;
}

async function arrive(id, chosen) {
  try {
    const kept = await call(`/v1/conversations/${encodeURIComponent(id)}`);
    if (chosen !== latest) return;
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
    const shown = wanted || turns.lastElementChild;
    if (shown) toTop(shown);
  } catch (error) {
    if (chosen !== latest) return;
    conversation = null;
    writer.at(null);
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

// On a narrow page the conversations lie over the answers, which cannot be reached until they go.
function showPanel(open) {
  const shown = panel.classList.contains("shown");
  panel.classList.toggle("shown", open);
  toggle.setAttribute("aria-expanded", String(open));
  document.querySelector("main").inert = form.inert = open;
  if (open) byId("begin").focus();
  else if (shown) toggle.focus();
}

// As many lines as were typed, up to six.
function grow() {
  question.rows = 1;
  const { lineHeight, paddingTop } = getComputedStyle(question);
  const lines = (question.scrollHeight - 2 * parseFloat(paddingTop)) / parseFloat(lineHeight);
  question.rows = Math.min(6, Math.max(1, Math.round(lines)));
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value.trim();
    if (!text) return;
    question.value = "";
    grow();
    if (touched.matches) question.blur(); // the keyboard would cover the answer
    ask(text);
  });
  question.addEventListener("keydown", (event) => {
    // isComposing: Enter that only chooses a word of a Chinese input method
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === TYPING) return;
    event.preventDefault();
    form.requestSubmit();
  });
  question.addEventListener("input", grow);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (asking) asking.abort();
    else if (panel.classList.contains("shown")) showPanel(false);
    else if (!source.hidden) history.back();
  });
  stop.addEventListener("click", () => asking?.abort());
  byId("close").addEventListener("click", () => history.back());
  byId("scrim").addEventListener("click", () => history.back());
  narrow.addEventListener("change", layOver);
  // as wide as that they stand beside the answers
  matchMedia("(min-width: 1100px)").addEventListener("change", () => showPanel(false));
  // what lies over the page is put away by a touch beside it
  document.addEventListener("pointerdown", (event) => {
    if (panel.classList.contains("shown") && !panel.contains(event.target) && !toggle.contains(event.target)) showPanel(false);
  });
  byId("begin").addEventListener("click", startAgain);
  // the page is loaded anew in the other language: at the conversation, not at the open source alone
  byId("bar").addEventListener("click", (event) => {
    if (event.target.id === "language" && !source.hidden) history.replaceState(null, "", home());
  }, true);
  window.addEventListener("pagehide", () => asking && unsent(underway));
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
writer.offer().catch(() => {});
if (named) load(named);
else refreshTalks();
welcome().catch((error) => {
  byId("examples").replaceChildren(make("li", { className: "problem" }, error.message));
});

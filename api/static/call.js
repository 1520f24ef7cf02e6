// Here is a call to the service; give me its JSON, or an Error that a person can read.

import { has, t } from "./words.js";

// Codes that have no words of their own share those of their status.
const SHARED = { 400: "e_invalid", 422: "e_invalid", 503: "e_unavailable" };
const WAIT_S = 60;

// The error object of the contract, in words; `detail` is what the service itself said.
export function problem(status, body, waitS = null) {
  const given = body && body.error ? body.error : { code: "", message: "" };
  const name = has(`e_${given.code}`) ? `e_${given.code}` : SHARED[status];
  const error = new Error(name ? t(name, waitS ?? WAIT_S) : t("failed", status));
  error.detail = given.message;
  error.code = given.code;
  return error;
}

export function toSignIn() {
  if (location.pathname !== "/signin") location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`);
}

// The response, if it is a good one.
export async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(t("offline"));
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  if (response.status === 401 && body && body.error.code !== "wrong_key") toSignIn();
  throw problem(response.status, body, response.headers.get("Retry-After"));
}

export async function call(path, options = {}) {
  return (await request(path, options)).json();
}

function json(method, body, signal) {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
}

export function post(path, body, signal) {
  return call(path, json("POST", body, signal));
}

export function patch(path, body) {
  return call(path, json("PATCH", body));
}

// The events that answer a request, as [name, data]; leaving the loop ends the work.
export async function* events(path, body, signal) {
  const response = await request(path, json("POST", body, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((error) => {
        throw error.name === "AbortError" ? error : new Error(t("broken"));
      });
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const found = /^event: (\w+)\ndata: (.*)$/.exec(block);
        if (found) yield [found[1], JSON.parse(found[2])];
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

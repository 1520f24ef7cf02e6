// Here is a call to the service; give me its JSON, or an Error that a person can read.

const WORDS = {
  not_found: "没有找到，可能已被删除。",
  too_large: "内容太长。",
  invalid: "问题需要 1 到 2000 个字。",
  folder_busy: "正在更新文章，请稍后再试。",
  unavailable: "服务正忙，请稍后再试。",
};

export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("连不上服务。请检查网络，或稍后再试。");
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  const code = body && body.error ? body.error.code : "";
  throw new Error(WORDS[code] || `服务出错（${response.status}），请稍后再试。`);
}

export function post(path, body, signal) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}
